import { type Scope, statesBefore } from '@askwire/contracts'
import { sql } from 'kysely'
import { clock } from '../sql.ts'
import type { Store } from '../store.ts'
import { asScope } from '../with-scope.ts'
import { getRun, type RunRow } from './run-row.ts'

export type CancelResult =
  /** It had ended before. */
  | { kind: 'ended'; run: RunRow }
  /** It was waiting or queued and is cancelled now; the caller writes its end into the log. */
  | { kind: 'cancelled'; run: RunRow }
  /** Its worker has been asked (the row says so); the worker ends it. */
  | { kind: 'running'; run: RunRow }

/** Cancels the caller's own run, or asks its worker to. Asking again changes nothing. Throws `not_found`. */
export async function requestCancel(store: Store, scope: Scope, runId: string): Promise<CancelResult> {
  const run = await asScope(store, scope)
    .updateTable('runs')
    .set({
      cancelRequestedAt: sql<Date>`coalesce(cancel_requested_at, clock_timestamp())`,
      status: sql`case when status = 'running' then status else 'cancelled' end`,
      attempt: sql<number>`attempt + case when status = 'queued' then 1 else 0 end`,
      finishedAt: sql<Date>`case when status = 'running' then null else ${clock} end`,
    })
    .where('id', '=', runId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('status', 'in', statesBefore('cancel'))
    .returningAll()
    .executeTakeFirst()
  if (!run) return { kind: 'ended', run: await getRun(store, scope, runId) }
  return { kind: run.status === 'running' ? 'running' : 'cancelled', run }
}
