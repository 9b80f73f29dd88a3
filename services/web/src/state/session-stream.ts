import { followSession } from '../api/follow-session.ts'
import type { StreamEvent } from '../api/stream-event.ts'
import { loginAccess } from './login-access.ts'

/** Before every event of a session: a stream from here misses nothing of a session that has just begun. */
const ORIGIN = '0-0'
/** When nothing is heard for this long, unfinished runs are looked up, so that no lost event leaves the page waiting. */
const QUIET_MS = 15_000

export type SessionStreamOptions = {
  lastEventId(): string | undefined
  /** The session began in this page: nothing of it is old. */
  begun: boolean
  onOpen(resumed: boolean): void
  onReconnecting(): void
  onMissing(): void
  onRefused(): void
  onEvent(event: StreamEvent): void
  onQuiet(): void
}

export type SessionStream = { connect(sessionId: string): void; disconnect(): void }

/** The stream of one session, which can be left and taken up again where it was. What comes after it was left is not told. */
export function createSessionStream(options: SessionStreamOptions): SessionStream {
  let following: AbortController | undefined
  let watch: ReturnType<typeof setInterval> | undefined
  let heardAt = 0
  return {
    connect: (sessionId) => {
      if (following) return
      const controller = new AbortController()
      following = controller
      watch = setInterval(() => {
        if (performance.now() - heardAt > QUIET_MS) options.onQuiet()
      }, QUIET_MS)
      const whileCurrent =
        <Args extends unknown[]>(work: (...args: Args) => void) =>
        (...args: Args): void => {
          if (following === controller) work(...args)
        }
      void followSession({
        sessionId,
        lastEventId: options.lastEventId() ?? (options.begun ? ORIGIN : undefined),
        signal: controller.signal,
        onOpen: whileCurrent(options.onOpen),
        onReconnecting: whileCurrent(options.onReconnecting),
        onMissing: whileCurrent(options.onMissing),
        onUnauthenticated: () => loginAccess.renew(loginAccess.current()),
        onRefused: whileCurrent(options.onRefused),
        onEvent: (event) => {
          heardAt = performance.now()
          options.onEvent(event)
        },
      })
    },
    disconnect: () => {
      clearInterval(watch)
      following?.abort()
      following = undefined
    },
  }
}
