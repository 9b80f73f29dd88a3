import type { Notice } from '@askwire/contracts'
import { useEffect, useEffectEvent } from 'react'
import { followNotices } from '../api/follow-notices.ts'
import { loginAccess } from '../state/login-access.ts'
import { whileVisible } from '../state/while-visible.ts'

/** Soon: each tab holds a stream of its session too, and a browser has six connections per server. */
const HIDDEN_MS = 5_000

/** Tells what changes in one's sessions and jobs, on whatever device, while the page is in sight; `onGap` when some of it was missed. */
export function useNotices(handlers: { onNotice(notice: Notice): void; onGap(): void }): void {
  const onNotice = useEffectEvent(handlers.onNotice)
  const onGap = useEffectEvent(handlers.onGap)
  useEffect(() => {
    let place: string | undefined
    let following: AbortController | undefined
    const disconnect = (): void => {
      following?.abort()
      following = undefined
    }
    const connect = (): void => {
      if (following) return
      following = new AbortController()
      const { signal } = following
      void followNotices({
        lastEventId: place,
        signal,
        onNotice,
        onGap,
        onPlace: (id) => {
          place = id
        },
        onUnauthenticated: () => loginAccess.renew(loginAccess.current()),
      })
    }
    return whileVisible({ connect, disconnect }, HIDDEN_MS)
  }, [])
}
