import { waitFor } from '@askwire/testing'
import { describe, expect, test } from '@jest/globals'
import { createRedisRateLimiter, type RateLimiter } from '../src/index.ts'
import { logger, ownRedis } from './own-redis.ts'
import { rateLimiterContract } from './rate-limiter-contract.ts'

const redis = ownRedis()

// A time-out above any stall of a machine: what is counted here alone would fail the tests that share counts.
const open = (): RateLimiter => createRedisRateLimiter({ url: redis.url, logger, timeoutMs: 20_000 })

rateLimiterContract('redis', open)

describe('rate limiter in redis', () => {
  test('three replicas at once give no more than the limit', async () => {
    const replicas = [open(), open(), open()]
    try {
      const calls = Array.from({ length: 300 }, (_, index) =>
        (replicas[index % 3] as RateLimiter).take('shared', { limit: 25, windowMs: 3_600_000 }),
      )
      expect((await Promise.all(calls)).filter(({ allowed }) => allowed)).toHaveLength(25)
    } finally {
      await Promise.all(replicas.map((limiter) => limiter.close()))
    }
  })

  test('a key goes when its limit is whole again, and names nobody', async () => {
    const limiter = open()
    try {
      await redis.admin.flushdb()
      await limiter.take('login:ada@example.com', { limit: 2, windowMs: 3_600_000 })
      const keys = await redis.admin.keys('*')
      expect(keys).toHaveLength(1)
      expect(keys[0]).toMatch(/^limit:\{[\w-]{43}\}$/)
      // Half of it is taken, so half of the time makes it whole.
      const lifeMs = await redis.admin.pttl(keys[0] as string)
      expect(lifeMs).toBeGreaterThan(1_700_000)
      expect(lifeMs).toBeLessThanOrEqual(1_800_000)
      await redis.admin.flushdb()
      await limiter.take('soon whole again', { limit: 2, windowMs: 400 })
      await waitFor(async () => (await redis.admin.dbsize()) === 0, { what: 'the key to go' })
    } finally {
      await limiter.close()
    }
  })
})
