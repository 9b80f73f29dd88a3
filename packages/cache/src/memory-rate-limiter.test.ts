import { describe, expect, test } from '@jest/globals'
import { rateLimiterContract } from '../test/rate-limiter-contract.ts'
import { createMemoryRateLimiter } from './memory-rate-limiter.ts'

rateLimiterContract('memory', () => createMemoryRateLimiter())

describe('the bounds of the rate limiter in memory', () => {
  test('keys whose limit is whole again go first, then those not used for longest', async () => {
    let now = 0
    const limiter = createMemoryRateLimiter({ maxKeys: 3, now: () => now })
    const take = (key: string, windowMs: number) => limiter.take(key, { limit: 1, windowMs })
    await take('old', 1_000)
    await take('short', 10)
    await take('young', 1_000)
    now = 20
    await take('next', 1_000)
    expect((await take('old', 1_000)).allowed).toBe(false)
    await take('one more', 1_000)
    expect(limiter.size()).toBe(3)
    expect((await take('young', 1_000)).allowed).toBe(true)
    expect((await take('old', 1_000)).allowed).toBe(false)
  })

  test('a hundred thousand strangers do not let the map grow', async () => {
    const limiter = createMemoryRateLimiter({ maxKeys: 1_000 })
    for (let index = 0; index < 100_000; index += 1) await limiter.take(`${index}`, { limit: 1, windowMs: 60_000 })
    expect(limiter.size()).toBeLessThanOrEqual(1_000)
  })
})
