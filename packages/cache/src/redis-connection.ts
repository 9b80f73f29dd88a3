import { AppError } from '@askwire/contracts'
import { backoffMs, type Logger, withTimeout } from '@askwire/runtime'
import { Redis, type RedisOptions } from 'ioredis'

export type RedisConnectionOptions = {
  /** `redis://` or `rediss://`; may hold a password and is never logged. */
  url: string
  logger: Logger
  /** A command without a reply by then rejects with `cache_unavailable`. */
  timeoutMs: number
  /** Shown in `CLIENT LIST`. */
  name: string
  scripts?: NonNullable<RedisOptions['scripts']>
  /** Commands of one turn of the event loop leave in one write, and a busy connection writes at most once in 2 ms. */
  cork?: boolean
}

export type RedisConnection = {
  /** Sends a command, or rejects with `cache_unavailable`: at once while Redis is away or too much is in flight. */
  run<T>(command: (redis: Redis) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Commands awaiting a reply at one time; more would only hold memory while Redis does not answer. */
const MAX_IN_FLIGHT = 20_000
/** Least time between two writes. */
const WRITE_GAP_MS = 2
const RECONNECT = { firstMs: 50, maxMs: 2_000 }

/**
 * One connection that never queues for a Redis that is away: nothing is kept for later and nothing is sent twice, so a
 * caller knows within `timeoutMs`. Reconnects with jitter for ever. Only the very first commands wait, for the first connect.
 */
export function openRedisConnection(options: RedisConnectionOptions): RedisConnection {
  const { url, logger, timeoutMs, name, scripts = {}, cork = false } = options
  const redis = new Redis(url, {
    connectionName: name,
    scripts,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    // Armed only while a command waits: a peer that went silent costs the connection, and with it all that waits on it.
    socketTimeout: timeoutMs,
    // The client arms this timer at `close` even when there is no socket left, and the process would wait for it.
    disconnectTimeout: 200,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => backoffMs(times, RECONNECT),
    // After a fail-over the old address may lead to a replica.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  })
  let inFlight = 0
  let away = false
  let closed = false
  let opening: Promise<void> | undefined = new Promise<void>((resolve) => {
    redis.once('ready', resolve)
    redis.once('close', resolve)
  }).then(() => {
    opening = undefined
  })

  redis.on('ready', () => {
    if (away) logger.info({ connection: name }, 'redis is back')
    away = false
  })
  redis.on('close', () => {
    if (!closed && !away) logger.warn({ connection: name }, 'redis is away')
    away = true
  })
  // Without a listener a failed connect would end the process; `close` has said what matters.
  redis.on('error', (error: Error) => logger.debug({ connection: name, reason: reasonOf(error) }, 'redis error'))

  let corked = false
  let writtenAt = 0
  const corkTurn = (): void => {
    const { stream } = redis
    if (!cork || corked || !stream) return
    corked = true
    stream.cork()
    const write = (): void => {
      corked = false
      writtenAt = performance.now()
      stream.uncork()
    }
    const restMs = writtenAt + WRITE_GAP_MS - performance.now()
    if (restMs > 0) setTimeout(write, restMs)
    else setImmediate(write)
  }

  return {
    async run(command) {
      if (inFlight >= MAX_IN_FLIGHT) throw new AppError('cache_unavailable', 'The event log does not keep up.')
      inFlight += 1
      try {
        const first = opening
        if (first) await withTimeout('connecting to redis', timeoutMs, () => first)
        corkTurn()
        return await command(redis)
      } catch (error) {
        if (error instanceof AppError) throw error
        throw new AppError('cache_unavailable', 'The event log does not answer.', { cause: new Error(reasonOf(error)) })
      } finally {
        inFlight -= 1
      }
    },
    async close() {
      closed = true
      if (redis.status === 'ready') await redis.quit().catch(() => undefined)
      redis.disconnect()
    },
  }
}

/** The text of an error without its `command`, whose arguments are users' words and would follow it into a log. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown'
}
