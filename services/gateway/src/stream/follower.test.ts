import { createMemoryEventLog } from '@askwire/cache'
import {
  AppError,
  type EncodedEvent,
  type EventId,
  encodeEvent,
  formatEventId,
  ORIGIN,
  parseEventId,
  TERMINAL_EVENT,
} from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { createFollower, type FollowerOptions, type Place } from './follower.ts'

const sessionId = '01890000-0000-7000-8000-000000000002'
const runId = '01890000-0000-7000-8000-000000000001'

const event = (ordinal: number, attempt: number, index: number, terminal = false): EncodedEvent =>
  encodeEvent(
    { ordinal, attempt, index },
    terminal
      ? { event: 'workflow_finished', status: 'succeeded', timings: { queuedMs: 0, firstTokenMs: 0, totalMs: 0 } }
      : { event: 'message', delta: `${ordinal}.${attempt}.${index} ` },
    { sessionId, runId, attempt, at: '2026-01-01T00:00:00.000Z' },
  )

/** Two runs: the first with two attempts. */
const STREAM = [
  ...[1, 2, 3].map((index) => event(1, 1, index)),
  ...[1, 2, 3].map((index) => event(1, 2, index)),
  event(1, 2, 4, true),
  ...[1, 2].map((index) => event(2, 1, index)),
  event(2, 1, 3, true),
]

function setUp(options: Partial<FollowerOptions> = {}) {
  const log = createMemoryEventLog()
  const seen: string[] = []
  const holes: number[] = []
  const follower = createFollower({
    log,
    sessionId,
    from: { id: ORIGIN, terminal: true },
    deliver: (delivered) => void seen.push(delivered.id),
    drained: async () => {},
    onHole: async (): Promise<Place> => {
      holes.push(seen.length)
      return { id: ORIGIN, terminal: true }
    },
    ...options,
  })
  return { log, seen, holes, follower }
}

const ids = (events: readonly EncodedEvent[]): string[] => events.map((one) => one.id)
const placeAfter = (at: number): Place => {
  const last = STREAM[at - 1]
  return last
    ? { id: parseEventId(last.id) as EventId, terminal: last.event === TERMINAL_EVENT }
    : { id: ORIGIN, terminal: true }
}

describe('follower', () => {
  test('I4: for every cut point, what was seen before and after is the uncut stream', async () => {
    for (let cut = 0; cut <= STREAM.length; cut++) {
      for (let logged = cut; logged <= STREAM.length; logged++) {
        const { log, seen, holes, follower } = setUp({ from: placeAfter(cut) })
        for (const one of STREAM.slice(0, logged)) await log.append(sessionId, [one])
        await follower.catchUp()
        for (const one of STREAM.slice(logged)) {
          await log.append(sessionId, [one])
          follower.onFrames(one.frame)
        }
        expect([...ids(STREAM.slice(0, cut)), ...seen]).toEqual(ids(STREAM))
        expect(holes).toEqual([])
      }
    }
  })

  test('F29: events sent while it attaches are neither lost nor doubled', async () => {
    for (let late = 0; late < STREAM.length; late++) {
      const { log, seen, follower } = setUp()
      for (const one of STREAM.slice(0, late)) await log.append(sessionId, [one])
      const attached = follower.catchUp()
      for (const one of STREAM.slice(Math.max(0, late - 2))) {
        await log.append(sessionId, [one])
        follower.onFrames(one.frame)
      }
      await attached
      expect(seen).toEqual(ids(STREAM))
    }
  })

  test('F10: doubled, reordered and lost live frames are mended from the log', async () => {
    const { log, seen, follower } = setUp()
    await follower.catchUp()
    for (const one of STREAM) await log.append(sessionId, [one])
    const [first, second, third, , fifth] = STREAM
    for (const one of [first, first, third, second, fifth]) follower.onFrames(one?.frame ?? '')
    await follower.catchUp()
    expect(seen).toEqual(ids(STREAM))
  })

  test('the end of a run that was lost is seen when the next run begins', async () => {
    const { log, seen, follower } = setUp()
    await follower.catchUp()
    for (const one of STREAM.slice(0, 8)) await log.append(sessionId, [one])
    for (const one of [...STREAM.slice(0, 6), ...STREAM.slice(7, 8)]) follower.onFrames(one.frame)
    await follower.catchUp()
    expect(seen).toEqual(ids(STREAM.slice(0, 8)))
  })

  test('a log that does not reach back becomes a snapshot, then goes on', async () => {
    const { log, seen, holes, follower } = setUp({ from: undefined })
    for (const one of STREAM.slice(7)) await log.append(sessionId, [one])
    await follower.catchUp()
    expect(holes).toEqual([0])
    expect(seen).toEqual(ids(STREAM.slice(7)))
  })

  test('an end that the log has lost becomes a snapshot; one that it has does not', async () => {
    const after: Place = { id: { ordinal: 1, attempt: 999_999, index: 0 }, terminal: true }
    const lost = setUp({ onHole: async () => after })
    for (const one of STREAM.slice(0, 5)) await lost.log.append(sessionId, [one])
    await lost.follower.catchUp()
    expect(await lost.follower.reach(0)).toBe(false)
    expect(await lost.follower.reach(1)).toBe(true)
    expect(lost.follower.midRun).toBe(false)
    for (const one of STREAM.slice(7)) await lost.log.append(sessionId, [one])
    await lost.follower.catchUp()
    expect(lost.seen).toEqual(ids([...STREAM.slice(0, 5), ...STREAM.slice(7)]))

    const before: Place = { id: { ordinal: 1, attempt: 0, index: 0 }, terminal: true }
    const nothing = setUp({ from: before, onHole: async () => after })
    await nothing.follower.catchUp()
    expect(await nothing.follower.reach(1)).toBe(true)

    const { log, seen, holes, follower } = setUp()
    for (const one of STREAM.slice(0, 7)) await log.append(sessionId, [one])
    expect(await follower.reach(1)).toBe(false)
    expect(holes).toEqual([])
    expect(seen).toEqual(ids(STREAM.slice(0, 7)))
  })

  test('without a log, live frames are delivered in order, after a snapshot', async () => {
    const away = {
      ...createMemoryEventLog(),
      read: async () => Promise.reject(new AppError('cache_unavailable', 'away')),
    }
    const { seen, holes, follower } = setUp({ log: away })
    await follower.catchUp()
    for (const one of [STREAM[0], STREAM[1], STREAM[1], STREAM[0], STREAM[2]]) follower.onFrames(one?.frame ?? '')
    await follower.catchUp()
    expect(holes.length).toBeGreaterThan(0)
    expect(seen).toEqual(ids(STREAM.slice(0, 3)))
  })

  test('F25: while the log is away, what comes during a catch-up is told after it, through the gap, to the end', async () => {
    const away = {
      ...createMemoryEventLog(),
      read: async () => {
        await new Promise((resolve) => setImmediate(resolve))
        throw new AppError('cache_unavailable', 'away')
      },
    }
    const { seen, follower } = setUp({ log: away })
    const attached = follower.catchUp()
    for (const one of STREAM.slice(4, 7)) follower.onFrames(one.frame)
    await attached
    expect(seen).toEqual(ids(STREAM.slice(4, 7)))
  })

  test('F25: a log that lost what was before the first live frame becomes a snapshot, then goes on', async () => {
    const { log, seen, holes, follower } = setUp()
    // Sent and logged before this follower joined, then lost with the log: the next one is the first that it hears.
    const rest = [4, 5, 6].map((index) => event(1, 1, index))
    await log.append(sessionId, rest.slice(0, 1))
    const empty = log.read(sessionId, { limit: 0 })
    log.read = async () => await empty
    follower.onFrames(rest[0]?.frame ?? '')
    await follower.catchUp()
    expect(holes).toEqual([0])
    for (const one of rest.slice(1)) follower.onFrames(one.frame)
    expect(seen).toEqual(ids(rest))
  })

  test('F25: of a log with a hole in the middle only what comes after the hole is told, after a snapshot', async () => {
    const { log, seen, holes, follower } = setUp({ from: undefined })
    const whole = [1, 2, 3, 4, 5, 6].map((index) => event(1, 1, index))
    for (const one of [...whole.slice(0, 2), ...whole.slice(4)]) await log.append(sessionId, [one])
    await follower.catchUp()
    expect(holes).toEqual([0])
    expect(seen).toEqual(ids(whole.slice(4)))
  })

  test('F25: a hole after what was told since a snapshot is another snapshot', async () => {
    const { log, seen, holes, follower } = setUp({ from: undefined })
    const whole = [1, 2, 3, 4, 5].map((index) => event(1, 1, index))
    for (const one of whole.slice(0, 2)) await log.append(sessionId, [one])
    const attached = follower.catchUp()
    // The third was lost with the log, which kept the first two.
    follower.onFrames(whole[3]?.frame ?? '')
    await attached
    expect(holes).toEqual([0, 2])
    expect(seen).toEqual(ids([...whole.slice(0, 2), ...whole.slice(3, 4)]))
  })

  test('I7: what is kept aside is bounded, and then read from the log', async () => {
    const { log, seen, follower } = setUp({ maxAsideBytes: 300 })
    const attached = follower.catchUp()
    for (const one of STREAM) {
      await log.append(sessionId, [one])
      follower.onFrames(one.frame)
    }
    await attached
    await follower.catchUp()
    expect(seen).toEqual(ids(STREAM))
  })

  test('says whether it is in the middle of a run', async () => {
    const { log, follower } = setUp()
    expect(follower.midRun).toBe(false)
    await log.append(sessionId, STREAM.slice(0, 2))
    await follower.catchUp()
    expect(follower.midRun).toBe(true)
    await log.append(sessionId, STREAM.slice(3, 7))
    await follower.catchUp()
    expect(follower.midRun).toBe(false)
    expect(formatEventId(parseEventId(STREAM[6]?.id ?? '') ?? ORIGIN)).toBe('1-2000004')
  })
})
