import { AppError, type EncodedEvent } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import type { EventLog } from '../src/index.ts'
import { events, newSessionId } from './sample-events.ts'

const ids = (list: readonly EncodedEvent[]): string[] => list.map((event) => event.id)

/** What every event log MUST do. `create` makes one that keeps at least 1000 events a session. */
export function eventLogContract(name: string, create: () => EventLog): void {
  describe(`event log contract: ${name}`, () => {
    async function withLog(work: (log: EventLog, sessionId: string) => Promise<void>): Promise<void> {
      const log = create()
      const sessionId = newSessionId()
      try {
        await work(log, sessionId)
      } finally {
        await log.delete(sessionId).catch(() => undefined)
        await log.close()
      }
    }

    test('gives back what was appended, byte for byte and in order', () =>
      withLog(async (log, sessionId) => {
        const all = events(1, 1, 1, 12)
        await expect(log.append(sessionId, all.slice(0, 1))).resolves.toBe('appended')
        await expect(log.append(sessionId, all.slice(1))).resolves.toBe('appended')
        await expect(log.read(sessionId, { limit: 100 })).resolves.toEqual(all)
        await expect(log.lastId(sessionId)).resolves.toBe('1-1000012')
      }))

    test('pages with `after`, exclusive, whether or not that event is kept', () =>
      withLog(async (log, sessionId) => {
        await log.append(sessionId, events(1, 1, 2, 9))
        expect(ids(await log.read(sessionId, { limit: 3 }))).toEqual(['1-1000002', '1-1000003', '1-1000004'])
        expect(ids(await log.read(sessionId, { after: '1-1000004', limit: 2 }))).toEqual(['1-1000005', '1-1000006'])
        expect(ids(await log.read(sessionId, { after: '0-0', limit: 1 }))).toEqual(['1-1000002'])
        expect(await log.read(sessionId, { after: '1-1000009', limit: 5 })).toEqual([])
        expect(await log.read(sessionId, { after: '9-9000009', limit: 5 })).toEqual([])
      }))

    test('a session that never was is empty', () =>
      withLog(async (log, sessionId) => {
        expect(await log.read(sessionId, { limit: 5 })).toEqual([])
        expect(await log.lastId(sessionId)).toBeUndefined()
        expect(await log.has(sessionId, '1-1000001')).toBe(false)
        expect(await log.append(sessionId, [])).toBe('appended')
        expect(await log.lastId(sessionId)).toBeUndefined()
      }))

    test('an id that is none is refused, not asked for', () =>
      withLog(async (log, sessionId) => {
        const refused = expect.objectContaining({ code: 'invalid_event_id' })
        await expect(log.read(sessionId, { after: '- +', limit: 5 })).rejects.toEqual(refused)
        await expect(log.has(sessionId, '-')).rejects.toEqual(refused)
      }))

    test('F25: says when what the attempt wrote before is not there', () =>
      withLog(async (log, sessionId) => {
        await expect(log.append(sessionId, events(1, 1, 1, 2))).resolves.toBe('appended')
        await expect(log.append(sessionId, events(1, 1, 5, 6))).resolves.toBe('gap')
        await expect(log.append(sessionId, events(1, 1, 7))).resolves.toBe('appended')
        await log.delete(sessionId)
        await expect(log.append(sessionId, events(1, 1, 8))).resolves.toBe('gap')
        await expect(log.append(sessionId, events(1, 2, 1))).resolves.toBe('appended')
        expect(ids(await log.read(sessionId, { limit: 9 }))).toEqual(['1-1000008', '1-2000001'])
      }))

    test('F5, I6: a stale attempt is refused whole, also one of an earlier run', () =>
      withLog(async (log, sessionId) => {
        await log.append(sessionId, events(2, 1, 1, 3))
        await expect(log.append(sessionId, events(2, 2, 1))).resolves.toBe('appended')
        await expect(log.append(sessionId, events(2, 1, 4))).resolves.toBe('stale')
        await expect(log.append(sessionId, events(2, 1, 2, 8))).resolves.toBe('stale')
        await expect(log.append(sessionId, events(1, 9, 1, 2))).resolves.toBe('stale')
        expect(ids(await log.read(sessionId, { limit: 100 }))).toEqual([
          '2-1000001',
          '2-1000002',
          '2-1000003',
          '2-2000001',
        ])
      }))

    test('a repeated append changes nothing and still says appended', () =>
      withLog(async (log, sessionId) => {
        const all = events(1, 3, 1, 5)
        await log.append(sessionId, all)
        await expect(log.append(sessionId, all)).resolves.toBe('appended')
        await expect(log.append(sessionId, all.slice(1, 2))).resolves.toBe('appended')
        await expect(log.read(sessionId, { limit: 100 })).resolves.toEqual(all)
      }))

    test('a partial overlap appends what is new', () =>
      withLog(async (log, sessionId) => {
        const all = events(1, 3, 1, 9)
        await log.append(sessionId, all.slice(0, 5))
        await expect(log.append(sessionId, all.slice(3))).resolves.toBe('appended')
        await expect(log.read(sessionId, { limit: 100 })).resolves.toEqual(all)
      }))

    test('appends racing for one session leave one attempt on top and nothing of another above it', () =>
      withLog(async (log, sessionId) => {
        const attempts = [1, 2, 3, 4, 5]
        const results = await Promise.all(attempts.map((attempt) => log.append(sessionId, events(1, attempt, 1, 20))))
        const kept = ids(await log.read(sessionId, { limit: 1000 }))
        const won = attempts.filter((_, i) => results[i] === 'appended')
        expect(kept).toEqual(won.flatMap((attempt) => ids(events(1, attempt, 1, 20))))
        expect(won).toContain(5)
      }))

    test('a batch out of order or of two attempts is a fault of the caller, and appends nothing', () =>
      withLog(async (log, sessionId) => {
        const fault = expect.objectContaining({ code: 'internal' })
        const [a, b] = [events(1, 1, 1), events(1, 1, 2)]
        await expect(log.append(sessionId, [...b, ...a])).rejects.toEqual(fault)
        await expect(log.append(sessionId, [...a, ...a])).rejects.toEqual(fault)
        await expect(log.append(sessionId, [...a, ...events(1, 2, 1)])).rejects.toBeInstanceOf(AppError)
        expect(await log.read(sessionId, { limit: 5 })).toEqual([])
      }))

    test('`has` is true for a kept event alone', () =>
      withLog(async (log, sessionId) => {
        await log.append(sessionId, [...events(1, 1, 1), ...events(1, 1, 3)])
        expect(await log.has(sessionId, '1-1000001')).toBe(true)
        expect(await log.has(sessionId, '1-1000002')).toBe(false)
        expect(await log.has(sessionId, '1-1000003')).toBe(true)
        expect(await log.has(sessionId, '1-1000004')).toBe(false)
        expect(await log.has(newSessionId(), '1-1000001')).toBe(false)
      }))

    test('sessions do not see each other, and a deleted one starts anew', () =>
      withLog(async (log, sessionId) => {
        const other = newSessionId()
        await log.append(sessionId, events(5, 1, 1, 2))
        await expect(log.append(other, events(1, 1, 1))).resolves.toBe('appended')
        await log.delete(sessionId)
        expect(await log.read(sessionId, { limit: 5 })).toEqual([])
        expect(ids(await log.read(other, { limit: 5 }))).toEqual(['1-1000001'])
        await expect(log.append(sessionId, events(1, 1, 1))).resolves.toBe('appended')
        await log.delete(other)
      }))

    test('ids sort as numbers, not as text', () =>
      withLog(async (log, sessionId) => {
        await log.append(sessionId, events(9, 9, 999_999))
        await expect(log.append(sessionId, events(9, 10, 1))).resolves.toBe('appended')
        await expect(log.append(sessionId, events(10, 1, 1))).resolves.toBe('appended')
        expect(await log.lastId(sessionId)).toBe('10-1000001')
        expect(ids(await log.read(sessionId, { after: '9-9999999', limit: 5 }))).toEqual(['9-10000001', '10-1000001'])
      }))
  })
}
