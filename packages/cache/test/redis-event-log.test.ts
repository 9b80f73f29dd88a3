import { waitFor } from '@askwire/testing'
import { describe, expect, test } from '@jest/globals'
import { createRedisEventLog, type EventLog, type RedisEventLogOptions } from '../src/index.ts'
import { eventLogContract } from './event-log-contract.ts'
import { logger, ownRedis } from './own-redis.ts'
import { events, newSessionId } from './sample-events.ts'

const redis = ownRedis()

const open = (options: Partial<RedisEventLogOptions> = {}): EventLog =>
  // A time-out above any stall of a machine: what does not answer is tested in `redis-event-log-faults`.
  createRedisEventLog({ url: redis.url, logger, timeoutMs: 20_000, ...options })

async function withLog(options: Partial<RedisEventLogOptions>, work: (log: EventLog) => Promise<void>): Promise<void> {
  const log = open(options)
  try {
    await work(log)
  } finally {
    await log.close()
  }
}

eventLogContract('redis', () => open())

describe('event log in redis', () => {
  test('a session is one stream, its entry ids the event ids', () =>
    withLog({ keyPrefix: 'a:' }, async (log) => {
      const sessionId = newSessionId()
      await log.append(sessionId, events(1, 1, 1, 2))
      const entries = await redis.admin.xrange(`a:session:{${sessionId}}:events`, '-', '+')
      expect(entries.map(([id]) => id)).toEqual(['1-1000001', '1-1000002'])
      expect(entries[0]?.[1]).toHaveLength(2)
      expect(entries[0]?.[1]?.[1]).toMatch(/^message\ndata: \{/)
    }))

  test('each append renews the life of the log', () =>
    withLog({ retentionMs: 3_600_000 }, async (log) => {
      const sessionId = newSessionId()
      const key = `session:{${sessionId}}:events`
      await log.append(sessionId, events(1, 1, 1))
      // As if most of it had passed.
      await redis.admin.pexpire(key, 600_000)
      await log.append(sessionId, events(1, 1, 1))
      expect(await redis.admin.pttl(key)).toBeGreaterThan(3_000_000)
    }))

  test('after its life the log is gone', () =>
    withLog({ retentionMs: 200 }, async (log) => {
      const sessionId = newSessionId()
      await log.append(sessionId, events(1, 1, 1))
      await waitFor(async () => (await log.lastId(sessionId)) === undefined, { what: 'the end of its life' })
      expect(await log.has(sessionId, '1-1000001')).toBe(false)
    }))

  test('past its bound a stream loses its oldest events, and `has` tells', () =>
    withLog({ maxEventsPerSession: 200 }, async (log) => {
      const sessionId = newSessionId()
      for (let from = 1; from <= 3_000; from += 100) await log.append(sessionId, events(1, 1, from, from + 99))
      const kept = await log.read(sessionId, { limit: 5_000 })
      expect(kept.length).toBeGreaterThanOrEqual(200)
      expect(kept.length).toBeLessThan(500)
      expect(kept.at(-1)?.id).toBe('1-1003000')
      expect(await log.has(sessionId, '1-1000001')).toBe(false)
    }))

  test('two processes: what one appends the other reads, and the fence holds between them', () =>
    withLog({}, async (one) =>
      withLog({}, async (two) => {
        const sessionId = newSessionId()
        await one.append(sessionId, events(1, 1, 1, 3))
        await two.append(sessionId, events(1, 2, 1))
        await expect(one.append(sessionId, events(1, 1, 4))).resolves.toBe('stale')
        await expect(one.lastId(sessionId)).resolves.toBe('1-2000001')
      }),
    ))

  test('a forgotten script is sent again', () =>
    withLog({}, async (log) => {
      const sessionId = newSessionId()
      await log.append(sessionId, events(1, 1, 1))
      await redis.admin.script('FLUSH')
      await expect(log.append(sessionId, events(1, 1, 2))).resolves.toBe('appended')
    }))

  test('F25: emptied in mid-answer, the log goes on with what comes, and says that the rest is gone', () =>
    withLog({}, async (log) => {
      const sessionId = newSessionId()
      await log.append(sessionId, events(1, 1, 1, 5))
      await redis.admin.flushdb()
      await expect(log.append(sessionId, events(1, 1, 6))).resolves.toBe('gap')
      expect(await log.has(sessionId, '1-1000005')).toBe(false)
      expect((await log.read(sessionId, { after: '1-1000003', limit: 10 })).map(({ id }) => id)).toEqual(['1-1000006'])
    }))

  test('an entry of unknown name is skipped, the rest is read', () =>
    withLog({}, async (log) => {
      const sessionId = newSessionId()
      await log.append(sessionId, events(1, 1, 1))
      await redis.admin.xadd(`session:{${sessionId}}:events`, '1-1000002', 'e', 'from_the_future\ndata: {}\n\n')
      await log.append(sessionId, events(1, 1, 3))
      expect((await log.read(sessionId, { limit: 10 })).map(({ id }) => id)).toEqual(['1-1000001', '1-1000003'])
    }))

  test('a key of another type is an error of the cache, not a crash', () =>
    withLog({}, async (log) => {
      const sessionId = newSessionId()
      await redis.admin.set(`session:{${sessionId}}:events`, 'x')
      await expect(log.append(sessionId, events(1, 1, 1))).rejects.toMatchObject({ code: 'cache_unavailable' })
    }))
})
