import { type Logger, withTimeout } from '@askwire/runtime'
import type { Result } from 'ioredis'
import { createMemoryRateLimiter, digestOf, type MemoryRateLimiterOptions } from './memory-rate-limiter.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { openRedisConnection } from './redis-connection.ts'
import { TAKE } from './take-script.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeFromLimit(
      key: string,
      limit: number,
      windowMs: number,
      cost: number,
    ): Result<[number, number, number, number], Context>
  }
}

export type RedisRateLimiterOptions = {
  url: string
  logger: Logger
  /** Before every key; gives installations that share a Redis their own names. */
  keyPrefix?: string
  /** Longest a call waits for Redis before it is counted here. */
  timeoutMs?: number
  /** After a failure Redis is left alone for this long: calls are counted here without waiting. */
  pauseMs?: number
  local?: MemoryRateLimiterOptions
}

/** A connection is never given up before a call: one slow answer is no reason to reconnect. */
const CONNECTION_TIMEOUT_MS = 1000

/**
 * The rate limiter that all replicas share. While Redis is away each replica counts by itself, from what it has seen (every call
 * is counted here too), so a limit is at worst multiplied by the number of replicas and never open.
 */
export function createRedisRateLimiter(options: RedisRateLimiterOptions): RateLimiter {
  const { url, logger, keyPrefix = '', timeoutMs = 150, pauseMs = 1000 } = options
  const scripts = { takeFromLimit: { lua: TAKE, numberOfKeys: 1 } }
  const connection = openRedisConnection({
    url,
    logger,
    timeoutMs: Math.max(CONNECTION_TIMEOUT_MS, timeoutMs),
    name: 'rate-limiter',
    scripts,
  })
  const local = createMemoryRateLimiter(options.local)
  let pausedUntil = 0
  const keyOf = (key: string): string => `${keyPrefix}limit:{${digestOf(key)}}`

  /** Gives what Redis answers, or undefined when it does not in time. */
  const ask = async <T>(command: () => Promise<T>): Promise<T | undefined> => {
    if (performance.now() < pausedUntil) return undefined
    try {
      const answer = await withTimeout('counting in redis', timeoutMs, command)
      if (pausedUntil > 0) logger.info('rate limits are counted in redis again')
      pausedUntil = 0
      return answer
    } catch {
      if (pausedUntil === 0) logger.warn('rate limits are counted by this process alone')
      pausedUntil = performance.now() + pauseMs
      return undefined
    }
  }

  return {
    async take(key, limit) {
      const { limit: units, windowMs, cost = 1 } = limit
      const here = await local.take(key, limit)
      const there = await ask(() =>
        connection.run((redis) => redis.takeFromLimit(keyOf(key), units, Math.ceil(windowMs), cost)),
      )
      if (!there) return here
      const [allowed, remaining, resetMs, retryAfterMs] = there
      return { allowed: allowed === 1, remaining, resetMs, retryAfterMs }
    },
    async forget(key) {
      await local.forget(key)
      await ask(() => connection.run((redis) => redis.unlink(keyOf(key))))
    },
    async close() {
      await local.close()
      await connection.close()
    },
  }
}
