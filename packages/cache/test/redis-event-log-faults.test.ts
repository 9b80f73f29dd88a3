import { inspect } from 'node:util'
import type { EncodedEvent } from '@askwire/contracts'
import { createLogger } from '@askwire/runtime'
import { type RedisServer, serversOrSkip, startRedis, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { createRedisEventLog, type EventLog } from '../src/index.ts'
import { events, newSessionId } from './sample-events.ts'

serversOrSkip()
/** For calls that have to give up. */
const SHORT_MS = 500
/** For calls that have to succeed, or to fail without waiting: no stall of the machine comes near it. */
const LONG_MS = 20_000
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

async function withLog(timeoutMs: number, work: (sessionId: string) => Promise<void>): Promise<void> {
  log = createRedisEventLog({ url: redis.url, logger, timeoutMs })
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

/** Appends events until the log has taken them; those it has already are not appended twice. */
async function appendSurely(sessionId: string, batch: readonly EncodedEvent[]): Promise<void> {
  await waitFor(() => log.append(sessionId, batch), { what: 'an append' })
}

const readSurely = (sessionId: string): Promise<EncodedEvent[]> =>
  waitFor(() => log.read(sessionId, { limit: 10 }), { what: 'a read' })

/** Resolves when `work` has failed as the cache does. */
async function fails(work: Promise<unknown>): Promise<void> {
  await expect(work).rejects.toMatchObject({ code: 'cache_unavailable' })
}

describe('event log while redis fails', () => {
  test('F25: silent, every call gives up though redis never answers; afterwards it works and nothing was appended twice', () =>
    withLog(SHORT_MS, async (sessionId) => {
      await appendSurely(sessionId, events(1, 1, 1))
      await redis.kill('SIGSTOP')
      try {
        await Promise.all([
          fails(log.append(sessionId, events(1, 1, 2))),
          fails(log.read(sessionId, { limit: 10 })),
          fails(log.lastId(sessionId)),
          fails(log.ping()),
        ])
      } finally {
        await redis.kill('SIGCONT')
      }
      await appendSurely(sessionId, events(1, 1, 2))
      await appendSurely(sessionId, events(1, 1, 3))
      expect(await readSurely(sessionId)).toEqual(events(1, 1, 1, 3))
    }))

  test('F25: killed, calls fail at once; restarted, it is back by itself', () =>
    withLog(LONG_MS, async (sessionId) => {
      await log.append(sessionId, events(1, 1, 1))
      await redis.kill('SIGKILL')
      await fails(log.append(sessionId, events(1, 1, 2)))
      const startedAt = performance.now()
      await Promise.all(Array.from({ length: 1_000 }, () => fails(log.append(sessionId, events(1, 1, 2)))))
      expect(performance.now() - startedAt).toBeLessThan(LONG_MS / 2)
      await redis.start()
      await isBack()
      await log.append(sessionId, events(1, 1, 2))
      expect((await log.read(sessionId, { limit: 10 })).at(-1)?.id).toBe('1-1000002')
    }))

  test('frozen, the connection is given up and a new one made once it wakes', () =>
    withLog(SHORT_MS, async (sessionId) => {
      await appendSurely(sessionId, events(1, 1, 1))
      await redis.kill('SIGSTOP')
      try {
        await fails(log.append(sessionId, events(1, 1, 2)))
        await fails(log.append(sessionId, events(1, 1, 2)))
      } finally {
        await redis.kill('SIGCONT')
      }
      await isBack()
      await appendSurely(sessionId, events(1, 1, 2))
      expect(await readSurely(sessionId)).toEqual(events(1, 1, 1, 2))
    }))

  test('away from the beginning: a log can be made, fails, and works when redis comes', async () => {
    await redis.stop()
    await withLog(LONG_MS, async (sessionId) => {
      await fails(log.append(sessionId, events(1, 1, 1)))
      await redis.start()
      await isBack()
      await log.append(sessionId, events(1, 1, 1))
    })
  })

  test('F25: full, an append is refused whole and reads go on', () =>
    withLog(LONG_MS, async (sessionId) => {
      await log.append(sessionId, events(1, 1, 1, 2))
      await admin((client) => client.config('SET', 'maxmemory', '1'))
      try {
        await fails(log.append(sessionId, events(1, 1, 3, 4)))
        expect(await log.read(sessionId, { limit: 10 })).toEqual(events(1, 1, 1, 2))
      } finally {
        await admin((client) => client.config('SET', 'maxmemory', '0'))
      }
      await log.append(sessionId, events(1, 1, 3, 4))
      expect(await log.read(sessionId, { limit: 10 })).toEqual(events(1, 1, 1, 4))
    }))

  test('no word of a user and no password is in what it throws', () =>
    withLog(LONG_MS, async (sessionId) => {
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
    withLog(LONG_MS, async (sessionId) => {
      for (let index = 1; index <= 10; index += 1) {
        await waitFor(() => log.append(sessionId, events(1, 1, index)), { what: `append ${index}` })
        await admin((client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'))
      }
      const kept = await waitFor(() => log.read(sessionId, { limit: 20 }), { what: 'a read' })
      expect(kept).toEqual(events(1, 1, 1, 10))
    }))
})
