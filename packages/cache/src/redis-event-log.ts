import { AppError, type EncodedEvent, formatEventId, requireEventId } from '@askwire/contracts'
import type { Logger } from '@askwire/runtime'
import type { Result } from 'ioredis'
import { createAppendBatches } from './append-batches.ts'
import { APPEND_EVENTS } from './append-events-script.ts'
import { requireOneAttempt } from './attempt-order.ts'
import type { AppendResult, EventLog } from './event-log.ts'
import { openRedisConnection } from './redis-connection.ts'
import { fromStored, toStored } from './stored-event.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    appendEvents(keys: number, ...args: (string | number)[]): Result<(number | string)[], Context>
  }
}

export type RedisEventLogOptions = {
  url: string
  logger: Logger
  timeoutMs?: number
  /** Before every key; gives installations that share a Redis their own names. */
  keyPrefix?: string
  /** Life of a session's log after its last event. */
  retentionMs?: number
  /** About how many events of a session are kept; the oldest go first, a whole node of the stream at a time. */
  maxEventsPerSession?: number
}

/** What the script's numbers mean. */
const RESULTS: readonly AppendResult[] = ['stale', 'appended', 'gap']

/**
 * The event log in Redis (6.2 or later): a stream per session whose entry ids are the event ids. Replays read on a
 * connection of their own, so that a long one never stands before an append; the appends of many sessions share a command.
 */
export function createRedisEventLog(options: RedisEventLogOptions): EventLog {
  const { url, logger, timeoutMs = 2_000, keyPrefix = '' } = options
  const retentionMs = options.retentionMs ?? 24 * 60 * 60 * 1000
  const bound = options.maxEventsPerSession ?? 20_000
  const scripts = { appendEvents: { lua: APPEND_EVENTS } }
  const writer = openRedisConnection({ url, logger, timeoutMs, name: 'event-log-writer', scripts })
  const reader = openRedisConnection({ url, logger, timeoutMs, name: 'event-log-reader', cork: true })
  const keyOf = (sessionId: string): string => `${keyPrefix}session:{${sessionId}}:events`

  const appendAll = createAppendBatches(async (appends) => {
    const keys: string[] = []
    const args: (string | number)[] = [retentionMs, bound]
    for (const { key, before, idsAndValues } of appends) {
      keys.push(key)
      args.push(before, idsAndValues.length / 2)
      for (const text of idsAndValues) args.push(text)
    }
    return await writer.run((redis) => redis.appendEvents(keys.length, ...keys, ...args))
  })

  return {
    async append(sessionId, events) {
      const [first] = requireOneAttempt(events)
      if (!first) return 'appended'
      const before = first.index > 1 ? formatEventId({ ...first, index: first.index - 1 }) : ''
      const idsAndValues: string[] = []
      for (const event of events) idsAndValues.push(event.id, toStored(event))
      const appended = await appendAll({ key: keyOf(sessionId), before, idsAndValues })
      if (typeof appended === 'string')
        throw new AppError('cache_unavailable', 'The event log refused.', { cause: new Error(appended.slice(0, 200)) })
      return RESULTS[appended] ?? 'stale'
    },

    async read(sessionId, { after, limit }) {
      const from = after === undefined ? '-' : `(${checked(after)}`
      const entries = await reader.run((redis) => redis.xrange(keyOf(sessionId), from, '+', 'COUNT', limit))
      const events: EncodedEvent[] = []
      for (const [id, fields] of entries) {
        const event = fromStored(id, fields[1] ?? '')
        if (event) events.push(event)
        else logger.warn({ sessionId, eventId: id }, 'an event of unknown name was skipped')
      }
      return events
    },

    async has(sessionId, id) {
      const wanted = checked(id)
      const entries = await reader.run((redis) => redis.xrange(keyOf(sessionId), wanted, wanted))
      return entries.length === 1
    },

    async lastId(sessionId) {
      const entries = await reader.run((redis) => redis.xrevrange(keyOf(sessionId), '+', '-', 'COUNT', 1))
      return entries[0]?.[0]
    },

    async delete(sessionId) {
      await writer.run((redis) => redis.unlink(keyOf(sessionId)))
    },

    async ping() {
      await Promise.all([writer, reader].map((connection) => connection.run((redis) => redis.ping())))
    },

    async close() {
      await Promise.all([writer.close(), reader.close()])
    },
  }
}

function checked(id: string): string {
  requireEventId(id)
  return id
}
