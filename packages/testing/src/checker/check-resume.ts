import { type EventId, parseEventId } from '@askwire/contracts'
import type { IndexedRecording } from './index-recording.ts'
import type { SeenEvent, StreamRecord } from './recording.ts'
import type { Violation } from './violation.ts'

type Numbered = { id: EventId; text: string; event: SeenEvent }

/**
 * I4: what a follower got over all its connections is the uncut stream from where it began to where it stopped, event for
 * event. Of an attempt that was overtaken it may have got less than the log holds (what a dead worker appended and no
 * longer sent), but nothing else.
 */
export function checkResume(recording: IndexedRecording): Violation[] {
  const replays = new Map(recording.replays.map((replay) => [replay.sessionId, replay]))
  return recording.streams.flatMap((stream) => {
    const replay = replays.get(stream.sessionId)
    if (!replay || hasHole(stream) || hasHole(replay)) return []
    return compare(stream, replay)
  })
}

const hasHole = (stream: StreamRecord): boolean => stream.events.some(({ event }) => event === 'snapshot')

function compare(stream: StreamRecord, replay: StreamRecord): Violation[] {
  const seen = numbered(stream)
  const uncut = new Map(numbered(replay).map((one) => [one.event.id, one]))
  const [first, last] = [seen[0], seen.at(-1)]
  if (!first || !last) return []
  const fail = (what: string, event: SeenEvent): Violation => ({
    invariant: 'I4',
    what,
    evidence: {
      stream: stream.name,
      replay: replay.name,
      id: event.id,
      event: event.event,
      connection: event.connection,
    },
  })
  const violations: Violation[] = []
  const got = new Set<string | null>()
  for (const one of seen) {
    got.add(one.event.id)
    const same = uncut.get(one.event.id)
    if (!same) violations.push(fail('a follower was told what is not in the uncut stream', one.event))
    else if (same.text !== one.text)
      violations.push(fail('a follower was told otherwise than the uncut stream', one.event))
  }
  const newest = new Map<number, number>()
  for (const { id } of uncut.values()) newest.set(id.ordinal, Math.max(id.attempt, newest.get(id.ordinal) ?? 0))
  for (const { id, event } of uncut.values()) {
    const inside = isBetween(id, first.id, last.id)
    if (inside && id.attempt === newest.get(id.ordinal) && !got.has(event.id)) {
      violations.push(fail('a follower missed an event of the uncut stream', event))
    }
  }
  return violations
}

function numbered(stream: StreamRecord): Numbered[] {
  return stream.events.flatMap((event) => {
    const id = event.id === null ? undefined : parseEventId(event.id)
    return id ? [{ id, event, text: JSON.stringify([event.event, event.data]) }] : []
  })
}

function isBetween(id: EventId, first: EventId, last: EventId): boolean {
  const key = (one: EventId): number => one.ordinal * 1e12 + one.attempt * 1e6 + one.index
  return key(id) >= key(first) && key(id) <= key(last)
}
