import { type EncodedEvent, isNextEventId, ORIGIN, parseEventId, TERMINAL_EVENT } from '@askwire/contracts'

/** The events that follow one another without a gap up to the last one. What stands before a hole can not be joined to anything any more. */
export function afterLastHole(events: readonly EncodedEvent[]): readonly EncodedEvent[] {
  let from = 0
  for (const [at, event] of events.entries()) {
    const before = events[at - 1]
    if (before && !follows(before, event)) from = at
  }
  return events.slice(from)
}

/** Within a run by the next id, from one run to the next only over the end of the first. */
function follows(before: EncodedEvent, event: EncodedEvent): boolean {
  const [earlier, id] = [parseEventId(before.id) ?? ORIGIN, parseEventId(event.id) ?? ORIGIN]
  return isNextEventId(earlier, id) && (earlier.ordinal === id.ordinal || before.event === TERMINAL_EVENT)
}
