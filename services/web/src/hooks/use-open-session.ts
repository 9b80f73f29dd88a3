import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { navigate } from '../state/navigation.ts'
import { routeOf } from '../state/routes.ts'
import { createSessionStore } from '../state/session-store.ts'
import type { SessionStore, SessionView } from '../state/session-view.ts'
import { whileVisible } from '../state/while-visible.ts'

/** A hidden page gives its connection back after this long: a browser has few per server, and a stream can always go on. */
const HIDDEN_MS = 60_000

export type OpenSession = {
  store: SessionStore
  view: SessionView
  /** Shows another session, at one of its messages if that is named; with `undefined` a new one. */
  open(sessionId: string | undefined, messageId?: string): void
  ask(question: string): Promise<boolean>
}

/** The session the page shows. Its id is in the address: `/c/<sessionId>`. */
export function useOpenSession(): OpenSession {
  const [store, setStore] = useState(() => createSessionStore(...placeOf(location)))
  const view = useSyncExternalStore(store.subscribe, store.getView)
  const current = useRef(store)

  useEffect(() => {
    current.current = store
    return whileVisible(store, HIDDEN_MS)
  }, [store])

  useEffect(() => {
    const onPopState = (): void => {
      // Going back to another page takes this one away.
      if (routeOf(location.pathname).page !== 'chat') return
      const [sessionId, messageId] = placeOf(location)
      if (sessionId !== current.current.sessionId) setStore(createSessionStore(sessionId, messageId))
    }
    window.addEventListener('popstate', onPopState)
    return () => window.removeEventListener('popstate', onPopState)
  }, [])

  const open = useCallback((sessionId: string | undefined, messageId?: string) => {
    navigate(pathOf(sessionId, messageId))
    if (sessionId === undefined || sessionId !== current.current.sessionId)
      setStore(createSessionStore(sessionId, messageId))
  }, [])

  const ask = useCallback(async (question: string) => {
    const asked = current.current
    const sessionId = await asked.ask(question)
    // By now another session may be on show: then the address is that one's.
    const shown = current.current === asked
    if (sessionId !== undefined && shown) navigate(pathOf(sessionId))
    return sessionId !== undefined
  }, [])

  return { store, view, open, ask }
}

/** The address of a session or one of its messages, or of a new session. */
export function pathOf(sessionId: string | undefined, messageId?: string): string {
  if (sessionId === undefined) return '/'
  return messageId === undefined ? `/c/${sessionId}` : `/c/${sessionId}#${messageId}`
}

/** The session and the message of it that an address names. */
function placeOf({ pathname, hash }: Location): [sessionId: string | undefined, messageId: string | undefined] {
  return [/^\/c\/([^/]+)$/.exec(pathname)?.[1], messageIdOf(hash)]
}

/** The message an address ends with. */
export function messageIdOf(address: string): string | undefined {
  return /#([0-9a-f-]{36})$/.exec(address)?.[1]
}
