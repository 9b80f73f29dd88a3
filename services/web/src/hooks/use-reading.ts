import type { SessionView } from '@askwire/contracts'
import { useEffect } from 'react'
import { updateSession } from '../api/sessions-api.ts'

/** Tells the gateway that the session on show has been seen, once for each time there is something new in it. */
export function useReading(session: SessionView | undefined, onRead: (session: SessionView) => void): void {
  const { id, unread = false } = session ?? {}
  useEffect(() => {
    if (id === undefined || !unread) return
    const tell = (): void => {
      if (document.hidden) return
      document.removeEventListener('visibilitychange', tell)
      // Not told, it stays unread: the next look at it tells it.
      updateSession(id, { read: true }).then(onRead, () => {})
    }
    document.addEventListener('visibilitychange', tell)
    tell()
    return () => document.removeEventListener('visibilitychange', tell)
  }, [id, unread, onRead])
}
