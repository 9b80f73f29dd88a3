import type { MeView } from '@askwire/contracts'
import { createContext, use, useSyncExternalStore } from 'react'
import { type AuthState, auth } from '../state/auth-store.ts'

/** Whether somebody is signed in, and who. */
export function useAuth(): AuthState {
  return useSyncExternalStore(auth.subscribe, auth.getState)
}

export const MeContext = createContext<MeView | null>(null)

/** Who is signed in; only below `MeContext`. */
export function useMe(): MeView {
  const me = use(MeContext)
  if (!me) throw new Error('nobody is signed in here')
  return me
}
