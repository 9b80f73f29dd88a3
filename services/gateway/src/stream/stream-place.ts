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
      return await placeOf(deps, scope, sessionId, start.id)
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

/** The event with this id in the log, as a place to go on from; `undefined` when it is not kept. After a run that has ended it need not be. */
export async function placeOf(
  deps: Pick<StreamDeps, 'log' | 'store'>,
  scope: Scope,
  sessionId: string,
  id: EventId,
): Promise<Place | undefined> {
  if (id.ordinal === 0) return { id: ORIGIN, terminal: true }
  if (isAfterRun(id)) {
    const known = id.ordinal <= (await newestLoggedOrdinal(deps.store, scope, sessionId))
    return known ? afterRun(id.ordinal) : undefined
  }
  if (id.index === 0) return undefined
  const before = formatEventId({ ...id, index: id.index - 1 })
  const [event] = await deps.log.read(sessionId, { after: before, limit: 1 }).catch(() => [])
  return event?.id === formatEventId(id) ? { id, terminal: event.event === TERMINAL_EVENT } : undefined
}

/** More than any run has. */
const NO_ATTEMPT = 999_999

/** Above every event of the run, whatever the log has of them; the next run follows. */
const afterRun = (ordinal: number): Place =>
  ordinal === 0 ? { id: ORIGIN, terminal: true } : { id: { ordinal, attempt: NO_ATTEMPT, index: 0 }, terminal: true }

/** True for the place after a run, which is told with a snapshot: no event has this id. */
export const isAfterRun = ({ attempt, index }: EventId): boolean => attempt === NO_ATTEMPT && index === 0

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
