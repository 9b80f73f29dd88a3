import { type AnswerEvent, type AnswerEventName, isAnswerEventName } from './answer-events.ts'
import { type EventId, formatEventId, parseEventId } from './event-id.ts'

/** What every event's `data` says beside its payload. `at` is ISO-8601 UTC. */
export type EventContext = { sessionId: string; runId: string; attempt: number; at: string }

/**
 * An event made ready once, for the log, the broker and every socket: its id, its name, and the text of its SSE frame.
 * `frame` ends with a blank line. JSON leaves no raw line break in `data`, so a frame is always one event.
 */
export type EncodedEvent = { readonly id: string; readonly event: AnswerEventName; readonly frame: string }

/** Serialises an event: the only place where an answer event becomes text. */
export function encodeEvent(id: EventId, event: AnswerEvent, context: EventContext): EncodedEvent {
  const text = formatEventId(id)
  const { event: name, ...payload } = event
  const { sessionId, runId, attempt, at } = context
  const data = oneLine({ event: name, sessionId, runId, attempt, at, ...payload })
  return { id: text, event: name, frame: `id: ${text}\nevent: ${name}\ndata: ${data}\n\n` }
}

/** A frame without an id, for what only one follower is told (`accepted`, `queued`, `snapshot`). */
export function encodeFrame(event: string, data: Record<string, unknown>, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${oneLine({ event, ...data })}\n\n`
}

/** JSON without any character that some reader of lines takes for the end of one: JSON itself escapes all but these two. */
function oneLine(data: unknown): string {
  return JSON.stringify(data).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

const HEAD = /^id: (\d+-\d+)\nevent: ([a-z_]+)\ndata: /

/** The events in a text of frames as `encodeEvent` made them. Skips nothing: returns `undefined` when any frame has another shape. */
export function decodeFrames(text: string): EncodedEvent[] | undefined {
  const events: EncodedEvent[] = []
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n\n', start)
    if (end < 0) return undefined
    const frame = text.slice(start, end + 2)
    const head = HEAD.exec(frame)
    const name = head?.[2]
    if (!head?.[1] || !name || !isAnswerEventName(name) || !parseEventId(head[1])) return undefined
    events.push({ id: head[1], event: name, frame })
    start = end + 2
  }
  return events
}

const RUN_ID = '"runId":"'
const UUID_CHARS = 36

/**
 * The run an encoded event belongs to, without parsing the whole. The first such field is the event's own: before it stand only
 * ids and a name of the list, and within a payload every quote is escaped or comes later.
 */
export function frameRunId(frame: string): string | undefined {
  const start = frame.indexOf(RUN_ID) + RUN_ID.length
  if (start < RUN_ID.length || frame.charAt(start + UUID_CHARS) !== '"') return undefined
  return frame.slice(start, start + UUID_CHARS)
}

/** The JSON object in an encoded event's `data` line. */
export function decodeData(encoded: Pick<EncodedEvent, 'frame'>): Record<string, unknown> {
  const start = encoded.frame.indexOf('\ndata: ') + 7
  return JSON.parse(encoded.frame.slice(start)) as Record<string, unknown>
}
