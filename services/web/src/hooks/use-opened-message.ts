import { useEffect, useRef } from 'react'
import { isShown, type Turn } from '../state/list-turns.ts'
import type { SessionStore } from '../state/session-view.ts'

/** Opens the branch of the message that the address names, when it is not the one on show; once for each address. */
export function useOpenedMessage(store: SessionStore, messageId: string | undefined, turns: readonly Turn[]): void {
  const opened = useRef<string>(undefined)
  useEffect(() => {
    if (messageId === undefined) return
    const place = `${store.key} ${messageId}`
    if (opened.current === place) return
    opened.current = place
    if (!isShown(turns, messageId)) void store.actions.openBranch(messageId)
  }, [store, messageId, turns])
}
