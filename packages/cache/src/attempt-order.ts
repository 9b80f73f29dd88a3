import { AppError, compareEventIds, type EncodedEvent, type EventId, parseEventId } from '@askwire/contracts'

/**
 * The ids of events to be appended together. Throws `internal` unless they are of one attempt and strictly rise: anything
 * else is a fault of the caller, and could not be appended all or none.
 */
export function requireOneAttempt(events: readonly Pick<EncodedEvent, 'id'>[]): EventId[] {
  const ids: EventId[] = []
  for (const { id } of events) {
    const parsed = parseEventId(id)
    const before = ids.at(-1)
    const follows =
      parsed &&
      (!before ||
        (parsed.ordinal === before.ordinal && parsed.attempt === before.attempt && compareEventIds(before, parsed) < 0))
    if (!follows) throw new AppError('internal', 'Events of one append must be of one attempt and in order.')
    ids.push(parsed)
  }
  return ids
}
