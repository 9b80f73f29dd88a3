import { useSyncExternalStore } from 'react'
import { onNavigation } from '../state/navigation.ts'

/** The address on show, path and fragment, kept up to date. */
export function usePath(): string {
  return useSyncExternalStore(onNavigation, () => location.pathname + location.hash)
}
