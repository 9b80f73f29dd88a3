import { type RunAction, type RunError, statesBefore, type TerminalState } from '@askwire/contracts'
import { sql } from 'kysely'
import { clock, json } from '../sql.ts'
import type { Store } from '../store.ts'
import type { RunRow } from './run-row.ts'

/** The action of the transition table that leads to each end. */
export const ACTION_TO_END: Readonly<Record<TerminalState, RunAction>> = {
  succeeded: 'succeed',
  failed: 'fail',
  cancelled: 'cancel',
  expired: 'expire',
}

/** The attempt is raised unless the run never had a turn: what its last attempt still writes is refused from now on. */
export const raisedAttempt = sql<number>`attempt + case when status = 'waiting' then 0 else 1 end`

/**
 * Ends a run from outside, whatever unfinished state it is in; only at `fromAttempt`, and with `unlessHeld` only when no worker's lease
 * on it is valid. Null: it had ended, moved on, or is held. A `failed` needs its error. Takes an id, not a scope: for workers and the reconciler.
 */
export async function forceEnd(
  store: Store,
  end: {
    runId: string
    status: Exclude<TerminalState, 'succeeded'>
    error?: RunError | undefined
    fromAttempt?: number | undefined
    unlessHeld?: boolean
  },
): Promise<RunRow | null> {
  const row = await store.db
    .updateTable('runs')
    .set({
      status: end.status,
      attempt: raisedAttempt,
      finishedAt: clock,
      leaseUntil: null,
      error: end.error ? json(end.error) : null,
    })
    .where('id', '=', end.runId)
    .where('status', 'in', statesBefore(ACTION_TO_END[end.status]))
    .$if(end.fromAttempt !== undefined, (query) => query.where('attempt', '=', end.fromAttempt ?? 0))
    .$if(end.unlessHeld === true, (query) =>
      query.where((eb) => eb.or([eb('status', '!=', 'running'), eb('leaseUntil', '<', sql<Date>`now()`)])),
    )
    .returningAll()
    .executeTakeFirst()
  return row ?? null
}
