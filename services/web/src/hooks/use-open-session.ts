import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { navigate } from '../state/navigation.ts'
import { routeOf } from '../state/routes.ts'
import { createSessionStore } from '../state/session-store.ts'
import type { SessionStore, SessionView } from '../state/session-view.ts'

/** A hidden page gives its connection back after this long: a browser has few per server, and a stream can always go on. */
const HIDDEN_MS = 60_000

export type OpenSession = {
  store: SessionStore
  view: SessionView
  /** Shows another session, or with `undefined` a new one. */
  open(sessionId: string | undefined): void
  ask(question: string): Promise<boolean>
}

/** The session the page shows. Its id is in the address: `/c/<sessionId>`. */
export function useOpenSession(): OpenSession {
  const [store, setStore] = useState(() => createSessionStore(sessionIdOf(location.pathname)))
  const view = useSyncExternalStore(store.subscribe, store.getView)
  const current = useRef(store)

  useEffect(() => {
    current.current = store
    store.connect()
    const stopWatching = connectWhileVisible(store)
    return () => {
      stopWatching()
      store.disconnect()
    }
  }, [store])

  useEffect(() => {
    const onPopState = (): void => {
      // Going back to another page takes this one away.
      if (routeOf(location.pathname).page === 'chat') setStore(createSessionStore(sessionIdOf(location.pathname)))
    }
    window.addEventListener('popstate', onPopState)
    return () => window.removeEventListener('popstate', onPopState)
  }, [])

  const open = useCallback((sessionId: string | undefined) => {
    navigate(pathOf(sessionId))
    setStore(createSessionStore(sessionId))
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

/** The address of a session, or of a new one. */
export function pathOf(sessionId: string | undefined): string {
  return sessionId === undefined ? '/' : `/c/${sessionId}`
}

function sessionIdOf(path: string): string | undefined {
  return /^\/c\/([^/]+)$/.exec(path)?.[1]
}

function connectWhileVisible(store: SessionStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const onChange = (): void => {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(store.disconnect, HIDDEN_MS)
    else store.connect()
  }
  document.addEventListener('visibilitychange', onChange)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onChange)
  }
}
