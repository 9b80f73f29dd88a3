import { createHash } from 'node:crypto'
import { type RateLimiter, takeAt } from './rate-limiter.ts'

export type MemoryRateLimiterOptions = {
  /** Keys kept; beyond that those go first that have the most back, then those not used for longest. */
  maxKeys?: number
  /** Milliseconds that never go back; another clock for tests. */
  now?: () => number
}

/** The rate limiter of one process: exact within it, forgotten with it. About 150 bytes a key. */
export function createMemoryRateLimiter(options: MemoryRateLimiterOptions = {}): RateLimiter & { size(): number } {
  const { maxKeys = 100_000, now = () => performance.now() } = options
  /** Digest → when its whole limit is there again. In order of use. */
  const counts = new Map<string, number>()

  /** An eighth at a time, so that a full map costs a call next to nothing. A key whose limit is whole again counts like a new one. */
  const makeRoom = (at: number): void => {
    if (counts.size < maxKeys) return
    for (const [key, fullAt] of counts) if (fullAt <= at) counts.delete(key)
    const kept = Math.min(maxKeys - 1, Math.floor(maxKeys * 0.875))
    for (const key of counts.keys()) {
      if (counts.size <= kept) return
      counts.delete(key)
    }
  }

  return {
    async take(key, limit) {
      const at = now()
      const digest = digestOf(key)
      const { fullAt, ...taken } = takeAt(at, counts.get(digest), limit)
      counts.delete(digest)
      if (fullAt > at) {
        makeRoom(at)
        counts.set(digest, fullAt)
      }
      return taken
    },
    async forget(key) {
      counts.delete(digestOf(key))
    },
    async close() {
      counts.clear()
    },
    size: () => counts.size,
  }
}

/** A key as it is kept: no address and no name of a person stands in a memory dump or in Redis. */
export const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64url')
