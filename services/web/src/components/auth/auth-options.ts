import type { AuthOptions } from '@askwire/contracts'
import { useCallback } from 'react'
import { getAuthOptions } from '../../api/account-api.ts'
import { useLoad } from '../../hooks/use-load.ts'

/** How one may sign in or up here; undefined until it is known. Without it the page offers what always is there. */
export function useAuthOptions(): AuthOptions | undefined {
  return useLoad(useCallback(() => getAuthOptions(), [])).data
}
