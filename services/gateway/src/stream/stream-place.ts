import { type EventId, formatEventId, ORIGIN, parseEventId, type Scope, TERMINAL_EVENT } from '@askwire/contracts'
import { getRun, listUnfinishedRuns, newestLoggedOrdinal } from '@askwire/store'
import type { Place } from './follower.ts'
import type { StreamDeps, StreamOptions } from './stream-options.ts'

/** The place a stream goes on from; `undefined` when the log does not reach back to it. */
export async function startOf(
  deps: StreamDeps,
  scope: Scope,
  { sessionId, start }: StreamOptions,
): Promise<Place | undefined> {
  switch (start.kind) {
    case 'after':
      return await placeOf(deps, sessionId, start.id)
    case 'live':
      return await placeOfUnfinished(deps, scope, sessionId)
    case 'run': {
      if (start.run.ordinal !== null) return beforeRun(start.run.ordinal)
      // In this order: a run without an ordinal after the log was read has all its events after what was read.
      const place = await placeOfUnfinished(deps, scope, sessionId)
      const { ordinal } = await getRun(deps.store, scope, start.run.id)
      return ordinal === null ? place : beforeRun(ordinal)
    }
    default:
      return start satisfies never
  }
}

/** The event with this id in the log, as a place to go on from; `undefined` when it is not kept. */
export async function placeOf(
  deps: Pick<StreamDeps, 'log'>,
  sessionId: string,
  id: EventId,
): Promise<Place | undefined> {
  if (id.ordinal === 0) return { id: ORIGIN, terminal: true }
  if (id.index === 0) return undefined
  const before = formatEventId({ ...id, index: id.index - 1 })
  const [event] = await deps.log.read(sessionId, { after: before, limit: 1 }).catch(() => [])
  return event?.id === formatEventId(id) ? { id, terminal: event.event === TERMINAL_EVENT } : undefined
}

/** Above every event of the run, whatever the log has of them; the next run follows. */
const afterRun = (ordinal: number): Place =>
  ordinal === 0 ? { id: ORIGIN, terminal: true } : { id: { ordinal, attempt: 999_999, index: 0 }, terminal: true }

const beforeRun = (ordinal: number): Place => ({ id: { ordinal, attempt: 0, index: 0 }, terminal: true })

/** Before the first event of the unfinished run, so that it is replayed whole; after the newest run when there is none. */
export async function placeOfUnfinished(deps: StreamDeps, scope: Scope, sessionId: string): Promise<Place> {
  const active = (await listUnfinishedRuns(deps.store, scope, sessionId)).find((run) => run.ordinal !== null)
  if (active?.ordinal) return beforeRun(active.ordinal)
  const logged = afterRun(await newestLoggedOrdinal(deps.store, scope, sessionId))
  const newest = parseEventId((await deps.log.lastId(sessionId).catch(() => undefined)) ?? '')
  // A run in the log that is not marked as told has just ended: it is replayed like an unfinished one.
  return newest && newest.ordinal > logged.id.ordinal ? beforeRun(newest.ordinal) : logged
}
