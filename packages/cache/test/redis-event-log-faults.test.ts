import { inspect } from 'node:util'
import { createLogger } from '@askwire/runtime'
import { type RedisServer, serversOrSkip, startRedis, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { createRedisEventLog, type EventLog } from '../src/index.ts'
import { events, newSessionId } from './sample-events.ts'

serversOrSkip()
const TIMEOUT_MS = 500
const logger = createLogger({ name: 'test', level: 'silent' })
let redis: RedisServer
let log: EventLog

beforeAll(async () => {
  redis = await startRedis({ name: 'event-log' })
}, 120_000)
afterAll(async () => {
  await redis?.remove()
}, 60_000)
beforeEach(async () => {
  await redis.start()
}, 60_000)

const open = (): EventLog => createRedisEventLog({ url: redis.url, logger, timeoutMs: TIMEOUT_MS })

async function withLog(work: (sessionId: string) => Promise<void>): Promise<void> {
  log = open()
  try {
    await work(newSessionId())
  } finally {
    await log.close()
  }
}

/** Waits until redis can be written to and read from again: the log has a connection for each. */
async function isBack(): Promise<void> {
  await waitFor(() => log.ping().then(() => true), { what: 'redis' })
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

/** How long `work` took to fail as the cache does, in milliseconds. */
async function failsAfter(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await expect(work).rejects.toMatchObject({ code: 'cache_unavailable' })
  return performance.now() - startedAt
}

describe('event log while redis fails', () => {
  test('F25: paused, every call gives up in time; afterwards it works and nothing was appended twice', () =>
    withLog(async (sessionId) => {
      await log.append(sessionId, events(1, 1, 1))
      await admin((client) => client.call('CLIENT', 'PAUSE', '1500', 'ALL'))
      const times = await Promise.all([
        failsAfter(log.append(sessionId, events(1, 1, 2))),
        failsAfter(log.read(sessionId, { limit: 10 })),
        failsAfter(log.lastId(sessionId)),
        failsAfter(log.ping()),
      ])
      for (const ms of times) expect(ms).toBeLessThan(2 * TIMEOUT_MS)
      await isBack()
      await log.append(sessionId, events(1, 1, 2))
      await log.append(sessionId, events(1, 1, 3))
      expect(await log.read(sessionId, { limit: 10 })).toEqual(events(1, 1, 1, 3))
    }))

  test('F25: killed, calls fail at once; restarted, it is back by itself', () =>
    withLog(async (sessionId) => {
      await log.append(sessionId, events(1, 1, 1))
      await redis.kill('SIGKILL')
      await failsAfter(log.append(sessionId, events(1, 1, 2)))
      const burst = Array.from({ length: 1_000 }, () => failsAfter(log.append(sessionId, events(1, 1, 2))))
      for (const ms of await Promise.all(burst)) expect(ms).toBeLessThan(TIMEOUT_MS)
      await redis.start()
      await isBack()
      await log.append(sessionId, events(1, 1, 2))
      expect((await log.read(sessionId, { limit: 10 })).at(-1)?.id).toBe('1-1000002')
    }))

  test('frozen, the connection is given up and a new one made once it wakes', () =>
    withLog(async (sessionId) => {
      await log.append(sessionId, events(1, 1, 1))
      await redis.kill('SIGSTOP')
      try {
        expect(await failsAfter(log.append(sessionId, events(1, 1, 2)))).toBeLessThan(2 * TIMEOUT_MS)
        expect(await failsAfter(log.append(sessionId, events(1, 1, 2)))).toBeLessThan(2 * TIMEOUT_MS)
      } finally {
        await redis.kill('SIGCONT')
      }
      await isBack()
      await log.append(sessionId, events(1, 1, 2))
      expect(await log.read(sessionId, { limit: 10 })).toEqual(events(1, 1, 1, 2))
    }))

  test('away from the beginning: a log can be made, fails, and works when redis comes', async () => {
    await redis.stop()
    await withLog(async (sessionId) => {
      await failsAfter(log.append(sessionId, events(1, 1, 1)))
      await redis.start()
      await isBack()
      await log.append(sessionId, events(1, 1, 1))
    })
  })

  test('F25: full, an append is refused whole and reads go on', () =>
    withLog(async (sessionId) => {
      await log.append(sessionId, events(1, 1, 1, 2))
      await admin((client) => client.config('SET', 'maxmemory', '1'))
      try {
        await failsAfter(log.append(sessionId, events(1, 1, 3, 4)))
        expect(await log.read(sessionId, { limit: 10 })).toEqual(events(1, 1, 1, 2))
      } finally {
        await admin((client) => client.config('SET', 'maxmemory', '0'))
      }
      await log.append(sessionId, events(1, 1, 3, 4))
      expect(await log.read(sessionId, { limit: 10 })).toEqual(events(1, 1, 1, 4))
    }))

  test('no word of a user and no password is in what it throws', () =>
    withLog(async (sessionId) => {
      const secret = new URL(redis.url).password
      await admin((client) => client.config('SET', 'maxmemory', '1'))
      try {
        const error: unknown = await log.append(sessionId, events(1, 1, 1)).catch((thrown: unknown) => thrown)
        const all = inspect(error, { depth: 10, showHidden: true })
        expect(all).toContain('OOM')
        expect(all).not.toContain('你好')
        if (secret) expect(all).not.toContain(secret)
      } finally {
        await admin((client) => client.config('SET', 'maxmemory', '0'))
      }
    }))

  test('connections cut one after another cost single calls, never the log', () =>
    withLog(async (sessionId) => {
      for (let index = 1; index <= 10; index += 1) {
        await waitFor(() => log.append(sessionId, events(1, 1, index)), { what: `append ${index}` })
        await admin((client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'))
      }
      const kept = await waitFor(() => log.read(sessionId, { limit: 20 }), { what: 'a read' })
      expect(kept).toEqual(events(1, 1, 1, 10))
    }))
})
