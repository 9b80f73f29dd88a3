import { AppError, type Permission } from '@askwire/contracts'
import type { Need } from '@askwire/store'

/** What the gateway does for every open stream once a second. */
export type Ticking = { tick(now: number): void; drain(): void }

/** Whose a stream is, and by what right it was opened. Neither login nor token: opened in the trial. */
export type Holder = {
  tenantId: string
  userId: string
  loginId: string | null
  tokenId: string | null
  permission: Permission
  /** The session that is followed, whose it is, and what right in it that takes. */
  session?: { sessionId: string; ownerId: string; need: Need }
}

/** An open stream as the guard sees it; `revoke` ends it for good. */
export type Held = { holder: Holder; revoke(): void }

/** Each stream gets a comment line once in this many ticks, at its own phase, so that heartbeats never come in a burst. */
export const HEARTBEAT_TICKS = 15
const TICK_MS = 1000
const HEARTBEAT = ': keep-alive\n\n'

export type Followers = {
  /** Counts a stream in. False when the gateway holds as many as it may. */
  add(stream: Ticking & Held & { write(text: string): boolean }): boolean
  remove(stream: Ticking & Held): void
  size(): number
  /** Throws `overloaded` when no further stream may be opened. */
  requireRoom(): void
  held(): Held[]
  /** Closes all streams, telling each client to come back. */
  drainAll(): void
  close(): void
}

/** All open streams of this gateway, driven by one timer however many there are. */
export function createFollowers(limit: number): Followers {
  const streams = new Map<Ticking & Held, { write(text: string): boolean; phase: number }>()
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
    const now = performance.now()
    for (const [stream, { write, phase }] of streams) {
      if ((ticks + phase) % HEARTBEAT_TICKS === 0) write(HEARTBEAT)
      stream.tick(now)
    }
  }, TICK_MS)
  timer.unref()
  return {
    add: (stream) => {
      if (streams.size >= limit) return false
      streams.set(stream, { write: (text) => stream.write(text), phase: Math.floor(Math.random() * HEARTBEAT_TICKS) })
      return true
    },
    remove: (stream) => void streams.delete(stream),
    size: () => streams.size,
    requireRoom: () => {
      if (streams.size >= limit) throw new AppError('overloaded', 'This replica holds as many streams as it may.')
    },
    held: () => [...streams.keys()],
    drainAll: () => {
      for (const stream of [...streams.keys()]) stream.drain()
    },
    close: () => clearInterval(timer),
  }
}
