import { compareEventIds, type EventId, parseEventId } from '@askwire/contracts'
import type { IndexedRecording } from './index-recording.ts'
import type { SeenEvent, StreamRecord } from './recording.ts'
import type { Violation } from './violation.ts'

/** I3 and I6: the ids of a stream strictly increase, an attempt's index has no gap, and nothing of an attempt follows a later one. */
export function checkOrder(recording: IndexedRecording): Violation[] {
  return [...recording.streams, ...recording.replays].flatMap(checkStream)
}

function checkStream(stream: StreamRecord): Violation[] {
  const violations: Violation[] = []
  // A live stream begins with any run, but at its beginning; after a snapshot ids may jump.
  let last: EventId | undefined = stream.after === undefined ? undefined : parseEventId(stream.after)
  let anywhere = false
  const ended = new Set<number>()
  for (const event of stream.events) {
    if (event.event === 'snapshot') {
      last = undefined
      anywhere = true
    }
    if (event.id === null) continue
    const id = parseEventId(event.id)
    const evidence = {
      stream: stream.name,
      id: event.id,
      event: event.event,
      after: last,
      connection: event.connection,
    }
    if (!id) {
      violations.push({ invariant: 'I3', what: 'an id that is none', evidence })
      continue
    }
    const what = judge(last, id, event, ended) ?? (last || anywhere ? undefined : judgeFirst(id))
    if (what) violations.push({ ...what, evidence })
    if (event.event === 'workflow_finished') ended.add(id.ordinal)
    if (!last || compareEventIds(id, last) > 0) last = id
  }
  return violations
}

function judgeFirst({ index }: EventId): Pick<Violation, 'invariant' | 'what'> | undefined {
  return index === 1 ? undefined : { invariant: 'I3', what: 'a live stream that began in the middle of an attempt' }
}

function judge(
  last: EventId | undefined,
  id: EventId,
  event: SeenEvent,
  ended: ReadonlySet<number>,
): Pick<Violation, 'invariant' | 'what' | 'word'> | undefined {
  if (event.data.attempt !== id.attempt) return { invariant: 'I6', what: 'an event whose id is of another attempt' }
  if (ended.has(id.ordinal)) return { invariant: 'I1', what: 'an event of a run after its terminal event' }
  if (!last) return undefined
  const order = compareEventIds(id, last)
  if (order === 0) return { invariant: 'I3', word: 'duplicated', what: 'an event came twice' }
  if (order < 0) {
    return id.ordinal === last.ordinal && id.attempt < last.attempt
      ? { invariant: 'I6', what: 'an event of an attempt after a later attempt began' }
      : { invariant: 'I3', what: 'an event came after a later one' }
  }
  if (id.ordinal === last.ordinal && id.attempt === last.attempt) {
    return id.index === last.index + 1 ? undefined : { invariant: 'I3', what: 'a gap in the events of an attempt' }
  }
  if (id.index !== 1) return { invariant: 'I3', what: 'an attempt that does not begin at its first event' }
  if (id.ordinal > last.ordinal + 1) return { invariant: 'I3', what: 'a run is missing between two runs' }
  return undefined
}
