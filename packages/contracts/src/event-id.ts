import { AppError } from './errors.ts'

/**
 * An event id is `<ordinal>-<attempt·1 000 000 + index>`: the run's number in its session, and the event's number in
 * its attempt, from 1. It is the SSE `id`, the Redis stream id and the order of a session's events, all in one.
 */
export type EventId = { readonly ordinal: number; readonly attempt: number; readonly index: number }

/** Events one attempt may number. An attempt that reaches it has failed: the id of a further event would be the next attempt's. */
export const MAX_EVENTS_PER_ATTEMPT = 999_999
const ATTEMPT_SPAN = MAX_EVENTS_PER_ATTEMPT + 1
const SHAPE = /^(0|[1-9]\d{0,8})-(0|[1-9]\d{0,11})$/

/** `{ ordinal: 2, attempt: 1, index: 7 }` → `2-1000007`. */
export function formatEventId(id: EventId): string {
  return `${id.ordinal}-${id.attempt * ATTEMPT_SPAN + id.index}`
}

/** The id in a string, or `undefined` when it has not the shape of one. */
export function parseEventId(text: string): EventId | undefined {
  const match = SHAPE.exec(text)
  if (!match) return undefined
  const sequence = Number(match[2])
  return {
    ordinal: Number(match[1]),
    attempt: Math.floor(sequence / ATTEMPT_SPAN),
    index: sequence % ATTEMPT_SPAN,
  }
}

/** The id in a string a client sent. Throws `invalid_event_id`. */
export function requireEventId(text: string): EventId {
  const id = parseEventId(text)
  if (!id) throw new AppError('invalid_event_id', 'Last-Event-ID is not an event id of this stream.')
  return id
}

/** Below 0 when `a` comes before `b` in the session, 0 when they are the same event. */
export function compareEventIds(a: EventId, b: EventId): number {
  return a.ordinal - b.ordinal || a.attempt - b.attempt || a.index - b.index
}

/** Before every event of a session: what a follower that has seen nothing has seen. */
export const ORIGIN: EventId = { ordinal: 0, attempt: 0, index: 0 }

/**
 * True when no event lies between the two: `b` is the next index of the same attempt, the first event of a later attempt of
 * the same run, or the first event of the next run. (A later attempt makes what the earlier one said void, so its lost tail
 * is no loss. Whether the earlier *run* was complete is told by its terminal event, not by the ids.)
 */
export function isNextEventId(a: EventId, b: EventId): boolean {
  if (a.ordinal === b.ordinal && a.attempt === b.attempt) return b.index === a.index + 1
  if (b.index !== 1) return false
  return a.ordinal === b.ordinal ? b.attempt > a.attempt : b.ordinal === a.ordinal + 1
}
