import { randomUUID } from 'node:crypto'
import { waitFor } from '@askwire/testing'
import { describe, expect, test } from '@jest/globals'
import type { RateLimiter } from '../src/index.ts'

const HOUR = 3_600_000

/** What every rate limiter MUST do. `create` makes one; what it counts is shared with no other test. */
export function rateLimiterContract(name: string, create: () => RateLimiter): void {
  describe(`rate limiter contract: ${name}`, () => {
    async function withLimiter(work: (limiter: RateLimiter, key: string) => Promise<void>): Promise<void> {
      const limiter = create()
      try {
        await work(limiter, randomUUID())
      } finally {
        await limiter.close()
      }
    }

    test('gives the limit, then refuses and says when to come back', () =>
      withLimiter(async (limiter, key) => {
        const limit = { limit: 3, windowMs: HOUR }
        for (const remaining of [2, 1, 0]) {
          expect(await limiter.take(key, limit)).toMatchObject({ allowed: true, remaining, retryAfterMs: 0 })
        }
        const refused = await limiter.take(key, limit)
        expect(refused).toMatchObject({ allowed: false, remaining: 0 })
        expect(refused.retryAfterMs).toBeGreaterThan(HOUR / 3 - 60_000)
        expect(refused.retryAfterMs).toBeLessThanOrEqual(HOUR / 3)
        expect(refused.resetMs).toBeGreaterThan(HOUR - 60_000)
        expect(refused.resetMs).toBeLessThanOrEqual(HOUR)
      }))

    test('of 200 calls at once exactly the limit pass', () =>
      withLimiter(async (limiter, key) => {
        const calls = Array.from({ length: 200 }, () => limiter.take(key, { limit: 10, windowMs: HOUR }))
        expect((await Promise.all(calls)).filter(({ allowed }) => allowed)).toHaveLength(10)
      }))

    test('a refused call takes nothing, and what was taken comes back evenly', () =>
      withLimiter(async (limiter, key) => {
        const limit = { limit: 2, windowMs: 600 }
        const unitMs = 300
        const startedAt = performance.now()
        await limiter.take(key, limit)
        await limiter.take(key, limit)
        // Each refused call that took something would put this off for ever.
        const { remaining } = await waitFor(
          async () => {
            const taken = await limiter.take(key, limit)
            return taken.allowed && taken
          },
          { what: 'one unit to come back' },
        )
        const elapsedMs = performance.now() - startedAt
        expect(1 + remaining).toBeLessThanOrEqual((elapsedMs + 5) / unitMs)
      }))

    test('keys are counted apart, and forgotten one by one', () =>
      withLimiter(async (limiter, key) => {
        const limit = { limit: 1, windowMs: HOUR }
        const other = `${key}:other`
        await limiter.take(key, limit)
        await limiter.take(other, limit)
        await limiter.forget(key)
        expect((await limiter.take(key, limit)).allowed).toBe(true)
        expect((await limiter.take(other, limit)).allowed).toBe(false)
      }))

    test('a call may cost more, nothing, or more than there ever is', () =>
      withLimiter(async (limiter, key) => {
        const limit = { limit: 5, windowMs: HOUR }
        expect(await limiter.take(key, { ...limit, cost: 0 })).toMatchObject({ allowed: true, remaining: 5 })
        expect(await limiter.take(key, { ...limit, cost: 4 })).toMatchObject({ allowed: true, remaining: 1 })
        expect(await limiter.take(key, { ...limit, cost: 2 })).toMatchObject({ allowed: false, remaining: 1 })
        expect(await limiter.take(key, { ...limit, cost: 1 })).toMatchObject({ allowed: true, remaining: 0 })
        expect(await limiter.take(key, { ...limit, cost: 6 })).toMatchObject({ allowed: false, retryAfterMs: HOUR })
      }))

    test('a changed limit holds from the next call on', () =>
      withLimiter(async (limiter, key) => {
        for (let call = 0; call < 5; call += 1) await limiter.take(key, { limit: 10, windowMs: HOUR })
        expect((await limiter.take(key, { limit: 2, windowMs: HOUR })).allowed).toBe(true)
        expect((await limiter.take(key, { limit: 1, windowMs: HOUR })).allowed).toBe(false)
      }))

    test('a key is anything at all', () =>
      withLimiter(async (limiter, key) => {
        for (const odd of ['', '\0\r\n', '你'.repeat(10_000), `${key} SET x 1`]) {
          expect((await limiter.take(`${key}${odd}`, { limit: 1, windowMs: HOUR })).allowed).toBe(true)
          expect((await limiter.take(`${key}${odd}`, { limit: 1, windowMs: HOUR })).allowed).toBe(false)
        }
      }))
  })
}
