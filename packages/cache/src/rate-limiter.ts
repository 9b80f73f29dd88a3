/** How much may be taken: `limit` at once, and again as much in each `windowMs`, given back evenly. */
export type RateLimit = {
  limit: number
  windowMs: number
  /** What this call takes; 1 unless given. 0 only looks. */
  cost?: number
}

/** What came of a call. */
export type Taken = {
  allowed: boolean
  /** Whole units left after this call. */
  remaining: number
  /** Milliseconds until the whole limit is there again. */
  resetMs: number
  /** Milliseconds until the same call would be allowed; 0 when it was. `windowMs` for a cost above the limit, which never is. */
  retryAfterMs: number
}

/**
 * Counts what callers take, by key. MUST be atomic for all who share it: of any number of calls at once no more pass than the
 * limit has left. A refused call takes nothing. Never throws because a server is away, and never waits for one for long.
 */
export type RateLimiter = {
  /** `key` may hold anything, also a mail address: it is stored and sent as a digest. */
  take(key: string, limit: RateLimit): Promise<Taken>
  /** Gives everything back: the key counts from nothing. */
  forget(key: string): Promise<void>
  close(): Promise<void>
}

/**
 * The generic cell rate algorithm: one number per key, the time at which the whole limit is there again ("theoretical arrival
 * time"). It has no window edges to gather at, and needs no list of calls.
 */
export function takeAt(
  now: number,
  fullAt: number | undefined,
  { limit, windowMs, cost = 1 }: RateLimit,
): Taken & { fullAt: number } {
  const perUnitMs = windowMs / limit
  const before = Math.max(fullAt ?? now, now)
  const after = before + cost * perUnitMs
  // Half a thousandth of a unit forgives the rounding of many additions.
  const overMs = after - now - windowMs - perUnitMs * 0.0005
  const allowed = overMs <= 0
  const kept = allowed ? after : before
  return {
    allowed,
    remaining: Math.max(0, Math.floor((windowMs - (kept - now)) / perUnitMs + 0.0005)),
    resetMs: Math.ceil(kept - now),
    retryAfterMs: allowed ? 0 : Math.min(Math.max(1, Math.ceil(overMs)), windowMs),
    fullAt: kept,
  }
}
