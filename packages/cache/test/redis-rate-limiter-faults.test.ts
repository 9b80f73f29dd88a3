import { createLogger } from '@askwire/runtime'
import { type RedisServer, serversOrSkip, startRedis, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { createRedisRateLimiter, type RateLimiter } from '../src/index.ts'

serversOrSkip()
const TIMEOUT_MS = 150
/** What a busy machine may add. */
const SLACK_MS = 350
const HOURLY = { limit: 5, windowMs: 3_600_000 }
const logger = createLogger({ name: 'test', level: 'silent' })
let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis({ name: 'rate-limiter' })
}, 120_000)
afterAll(async () => {
  await redis?.remove()
}, 60_000)
beforeEach(async () => {
  await redis.start()
}, 60_000)

async function withLimiter(work: (limiter: RateLimiter) => Promise<void>): Promise<void> {
  const limiter = createRedisRateLimiter({ url: redis.url, logger, timeoutMs: TIMEOUT_MS, pauseMs: 300 })
  try {
    await work(limiter)
  } finally {
    await limiter.close()
  }
}

/** Waits until a call is counted in Redis. */
async function countsInRedis(limiter: RateLimiter, key: string): Promise<void> {
  const client = new Redis(redis.url)
  try {
    await waitFor(
      async () => {
        await limiter.take(key, HOURLY)
        return (await client.keys('limit:*')).length > 0
      },
      { what: 'a count in redis' },
    )
  } finally {
    client.disconnect()
  }
}

async function timed<T>(work: Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now()
  const value = await work
  return { value, ms: performance.now() - startedAt }
}

describe('rate limiter while redis fails', () => {
  test('F25: killed, the limit holds at once from what this process saw; restarted, it counts in redis again', () =>
    withLimiter(async (limiter) => {
      await countsInRedis(limiter, 'before')
      for (let call = 0; call < 3; call += 1) expect((await limiter.take('a', HOURLY)).allowed).toBe(true)
      await redis.kill('SIGKILL')
      const burst = await Promise.all(Array.from({ length: 500 }, () => timed(limiter.take('a', HOURLY))))
      expect(burst.filter(({ value }) => value.allowed)).toHaveLength(2)
      for (const { ms } of burst) expect(ms).toBeLessThan(TIMEOUT_MS + SLACK_MS)
      await redis.start()
      await countsInRedis(limiter, 'after')
    }))

  test('F25: frozen, the first calls wait once for the small time-out, later ones not at all', () =>
    withLimiter(async (limiter) => {
      await countsInRedis(limiter, 'before')
      await redis.kill('SIGSTOP')
      try {
        const first = await timed(limiter.take('b', HOURLY))
        expect(first.ms).toBeGreaterThanOrEqual(TIMEOUT_MS - 5)
        expect(first.ms).toBeLessThan(TIMEOUT_MS + SLACK_MS)
        const next = await timed(Promise.all(Array.from({ length: 20 }, () => limiter.take('b', HOURLY))))
        expect(next.ms).toBeLessThan(TIMEOUT_MS)
        expect(next.value.filter(({ allowed }) => allowed)).toHaveLength(4)
      } finally {
        await redis.kill('SIGCONT')
      }
      await countsInRedis(limiter, 'after')
    }))

  test('away from the beginning: it counts, and never throws', async () => {
    await redis.stop()
    await withLimiter(async (limiter) => {
      const calls = await Promise.all(Array.from({ length: 20 }, () => limiter.take('c', HOURLY)))
      expect(calls.filter(({ allowed }) => allowed)).toHaveLength(5)
      await limiter.forget('c')
      expect((await limiter.take('c', HOURLY)).allowed).toBe(true)
    })
  })

  test('full, it counts here', () =>
    withLimiter(async (limiter) => {
      await countsInRedis(limiter, 'before')
      const client = new Redis(redis.url)
      await client.config('SET', 'maxmemory', '1')
      try {
        const calls = await Promise.all(Array.from({ length: 20 }, () => limiter.take('d', HOURLY)))
        expect(calls.filter(({ allowed }) => allowed)).toHaveLength(5)
      } finally {
        await client.config('SET', 'maxmemory', '0')
        client.disconnect()
      }
    }))
})
