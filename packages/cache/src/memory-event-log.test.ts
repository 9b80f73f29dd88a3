import { describe, expect, test } from '@jest/globals'
import { eventLogContract } from '../test/event-log-contract.ts'
import { events, newSessionId } from '../test/sample-events.ts'
import { createMemoryEventLog } from './memory-event-log.ts'

eventLogContract('memory', () => createMemoryEventLog({ maxSessions: 10 }))

describe('the bounds of the event log in memory', () => {
  test('a full session loses its oldest events, and `has` tells', async () => {
    const log = createMemoryEventLog({ maxEventsPerSession: 100 })
    const sessionId = newSessionId()
    for (let index = 1; index <= 1000; index += 1) await log.append(sessionId, events(1, 1, index))
    const kept = await log.read(sessionId, { limit: 1000 })
    expect(kept.length).toBeGreaterThanOrEqual(90)
    expect(kept.length).toBeLessThanOrEqual(100)
    expect(kept.at(-1)?.id).toBe('1-1001000')
    expect(await log.has(sessionId, '1-1000001')).toBe(false)
    expect(await log.has(sessionId, '1-1000999')).toBe(true)
  })

  test('one session too many drops the one written longest ago', async () => {
    const log = createMemoryEventLog({ maxSessions: 2 })
    const [a, b, c] = [newSessionId(), newSessionId(), newSessionId()]
    await log.append(a, events(1, 1, 1))
    await log.append(b, events(1, 1, 1))
    await log.append(a, events(1, 1, 2))
    await log.append(c, events(1, 1, 1))
    expect(await log.has(a, '1-1000001')).toBe(true)
    expect(await log.lastId(b)).toBeUndefined()
    expect(await log.lastId(c)).toBe('1-1000001')
  })

  test('too many characters drop other sessions, never the one being written', async () => {
    const frame = events(1, 1, 1)[0]!.frame.length
    const log = createMemoryEventLog({ maxCharacters: frame * 10 })
    const [a, b] = [newSessionId(), newSessionId()]
    await log.append(a, events(1, 1, 1, 8))
    await log.append(b, events(1, 1, 1, 20))
    expect(await log.lastId(a)).toBeUndefined()
    expect(await log.read(b, { limit: 100 })).toHaveLength(20)
  })

  test('a log lives `retentionMs` after its last event', async () => {
    let now = 1_000
    const log = createMemoryEventLog({ retentionMs: 500, clock: { now: () => now } })
    const [a, b] = [newSessionId(), newSessionId()]
    await log.append(a, events(3, 1, 1))
    now += 400
    await log.append(a, events(3, 1, 2))
    now += 499
    expect(await log.read(a, { limit: 5 })).toHaveLength(2)
    now += 1
    expect(await log.read(a, { limit: 5 })).toEqual([])
    await expect(log.append(a, events(1, 1, 1))).resolves.toBe('appended')
    now += 500
    await log.append(b, events(1, 1, 1))
    expect(await log.lastId(a)).toBeUndefined()
  })
})
