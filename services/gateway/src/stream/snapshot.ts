import {
  type ActiveRun,
  type EventId,
  encodeFrame,
  formatEventId,
  type MessageView,
  type Scope,
} from '@askwire/contracts'
import { type Clock, isoTime } from '@askwire/runtime'
import { listMessages, listUnfinishedRuns, type RunRow, type Store } from '@askwire/store'

/** Messages a snapshot carries; a client pages for older ones. */
const SNAPSHOT_MESSAGES = 100

export type Snapshot = { messages: MessageView[]; activeRun: ActiveRun | null }

/** The state of a session as Postgres has it, messages oldest first. */
export async function readSnapshot(store: Store, scope: Scope, sessionId: string): Promise<Snapshot> {
  const unfinished = await listUnfinishedRuns(store, scope, sessionId)
  const { items } = await listMessages(store, scope, sessionId, { limit: SNAPSHOT_MESSAGES })
  const active = unfinished.find((run) => run.ordinal !== null) ?? unfinished[0]
  return { messages: items.reverse(), activeRun: active ? activeView(active) : null }
}

/** The snapshot as the frame a follower gets. It has no id: what follows it has. */
export function snapshotFrame(clock: Clock, sessionId: string, snapshot: Snapshot): string {
  const runId = snapshot.activeRun?.runId ?? null
  return encodeFrame('snapshot', {
    sessionId,
    runId,
    attempt: snapshot.activeRun?.attempt ?? 0,
    at: isoTime(clock),
    ...snapshot,
  })
}

/**
 * An id by itself, which a client keeps as its last without being told an event: where to go on from after the snapshot of a session in
 * which nothing runs. Without it, one that comes back would show its lost id again, and get the same snapshot, for ever.
 */
export const placeFrame = (id: EventId): string => `id: ${formatEventId(id)}\n\n`

function activeView(run: RunRow): ActiveRun {
  return { runId: run.id, status: run.status, attempt: run.attempt, questionId: run.questionId }
}
