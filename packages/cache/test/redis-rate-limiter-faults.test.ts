import { setTimeout } from 'node:timers/promises'
import { createLogger } from '@askwire/runtime'
import { type RedisServer, serversOrSkip, startRedis, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { createRedisRateLimiter, type RateLimiter, type RedisRateLimiterOptions } from '../src/index.ts'

serversOrSkip()
/** For calls that have to give up. */
const SHORT_MS = 150
/** For calls that must not wait at all: no stall of the machine comes near it. */
const LONG_MS = 20_000
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

async function withLimiter(
  options: Pick<RedisRateLimiterOptions, 'timeoutMs' | 'pauseMs'>,
  work: (limiter: RateLimiter) => Promise<void>,
): Promise<void> {
  const limiter = createRedisRateLimiter({ url: redis.url, logger, ...options })
  try {
    await work(limiter)
  } finally {
    await limiter.close()
  }
}

/** Runs `work` on a connection of the test's own. */
async function admin<T>(work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redis.url)
  try {
    return await work(client)
  } finally {
    client.disconnect()
  }
}

/** Waits until a call is counted in Redis. */
const countsInRedis = (limiter: RateLimiter, key: string): Promise<unknown> =>
  admin(async (client) => {
    await client.flushdb()
    const isCounted = async (): Promise<boolean> => {
      await limiter.take(key, HOURLY)
      return (await client.keys('limit:*')).length > 0
    }
    await waitFor(isCounted, { what: 'a count in redis' })
  })

/** Waits until a limiter has its connection, without a call that could fail and be left alone for it. */
const isConnected = (): Promise<unknown> =>
  admin((client) =>
    waitFor(async () => String(await client.client('LIST')).includes('name=rate-limiter'), { what: 'the connection' }),
  )

describe('rate limiter while redis fails', () => {
  test('F25: killed, the limit holds at once from what this process saw; restarted, it counts in redis again', () =>
    withLimiter({ timeoutMs: LONG_MS, pauseMs: 300 }, async (limiter) => {
      await countsInRedis(limiter, 'before')
      for (let call = 0; call < 3; call += 1) expect((await limiter.take('a', HOURLY)).allowed).toBe(true)
      await redis.kill('SIGKILL')
      const startedAt = performance.now()
      const burst = await Promise.all(Array.from({ length: 500 }, () => limiter.take('a', HOURLY)))
      expect(performance.now() - startedAt).toBeLessThan(LONG_MS / 2)
      expect(burst.filter(({ allowed }) => allowed)).toHaveLength(2)
      await redis.start()
      await countsInRedis(limiter, 'after')
    }))

  test('F25: frozen, the first calls wait once for the small time-out, later ones not at all', () =>
    withLimiter({ timeoutMs: SHORT_MS, pauseMs: 3_600_000 }, async (limiter) => {
      await isConnected()
      await redis.kill('SIGSTOP')
      try {
        const startedAt = performance.now()
        await limiter.take('b', HOURLY)
        expect(performance.now() - startedAt).toBeGreaterThanOrEqual(SHORT_MS - 5)
        // A timer of the same length, set before theirs would be: who waits loses against it, however late it comes.
        const late = setTimeout(SHORT_MS, 'late')
        const calls = Promise.all(Array.from({ length: 20 }, () => limiter.take('b', HOURLY)))
        expect(await Promise.race([late, calls])).not.toBe('late')
        expect((await calls).filter(({ allowed }) => allowed)).toHaveLength(4)
      } finally {
        await redis.kill('SIGCONT')
      }
    }))

  test('F25: frozen and awake again, it counts in redis again', () =>
    withLimiter({ timeoutMs: SHORT_MS, pauseMs: 300 }, async (limiter) => {
      await countsInRedis(limiter, 'before')
      await redis.kill('SIGSTOP')
      try {
        await limiter.take('b', HOURLY)
      } finally {
        await redis.kill('SIGCONT')
      }
      await countsInRedis(limiter, 'after')
    }))

  test('away from the beginning: it counts, and never throws', async () => {
    await redis.stop()
    await withLimiter({ pauseMs: 300 }, async (limiter) => {
      const calls = await Promise.all(Array.from({ length: 20 }, () => limiter.take('c', HOURLY)))
      expect(calls.filter(({ allowed }) => allowed)).toHaveLength(5)
      await limiter.forget('c')
      expect((await limiter.take('c', HOURLY)).allowed).toBe(true)
    })
  })

  test('full, it counts here', () =>
    withLimiter({ pauseMs: 300 }, async (limiter) => {
      await countsInRedis(limiter, 'before')
      await admin((client) => client.config('SET', 'maxmemory', '1'))
      try {
        const calls = await Promise.all(Array.from({ length: 20 }, () => limiter.take('d', HOURLY)))
        expect(calls.filter(({ allowed }) => allowed)).toHaveLength(5)
      } finally {
        await admin((client) => client.config('SET', 'maxmemory', '0'))
      }
    }))
})
