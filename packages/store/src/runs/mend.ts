import { sql } from 'kysely'
import { clock, nowMinus } from '../sql.ts'
import type { Store } from '../store.ts'
import type { RunRow } from './run-row.ts'

/** How long past its lease a run is left to the broker, which brings it back sooner when it can. */
const LOST_LEASE_GRACE_MS = 5000
/** How long past its deadline a running run is left to its worker, which stores the partial answer. */
const RUNNING_DEADLINE_GRACE_MS = 5000

/** Running runs whose lease ended more than `graceMs` ago. */
export async function listLostLeases(
  store: Store,
  { limit, graceMs = LOST_LEASE_GRACE_MS }: { limit: number; graceMs?: number },
): Promise<RunRow[]> {
  return await store.db
    .selectFrom('runs')
    .selectAll()
    .where('status', '=', 'running')
    .where('leaseUntil', '<', nowMinus(graceMs))
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** Puts a run whose lease has ended back into the queue and the outbox; the try counts. False: it has moved on since it was read. */
export async function requeueLost(store: Store, run: Pick<RunRow, 'id' | 'attempt'>): Promise<boolean> {
  const row = await store.db
    .updateTable('runs')
    .set({ status: 'queued', queuedAt: clock, publishedAt: null, workerId: null, leaseUntil: null })
    .where('id', '=', run.id)
    .where('attempt', '=', run.attempt)
    .where('status', '=', 'running')
    .where('leaseUntil', '<', sql<Date>`now()`)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Unfinished runs past their deadline; a running one only `runningGraceMs` later. */
export async function listOverdue(
  store: Store,
  { limit, runningGraceMs = RUNNING_DEADLINE_GRACE_MS }: { limit: number; runningGraceMs?: number },
): Promise<RunRow[]> {
  return await store.db
    .selectFrom('runs')
    .selectAll()
    .where('finishedAt', 'is', null)
    .where('deadlineAt', '<', sql<Date>`now()`)
    .where((eb) => eb.or([eb('status', '!=', 'running'), eb('deadlineAt', '<', nowMinus(runningGraceMs))]))
    .orderBy('deadlineAt')
    .limit(limit)
    .execute()
}

/** Runs that ended in their turn more than `olderThanMs` ago and whose end is not known to be in the log. */
export async function listUnlogged(
  store: Store,
  { limit, olderThanMs = 0 }: { limit: number; olderThanMs?: number },
): Promise<RunRow[]> {
  return await store.db
    .selectFrom('runs')
    .selectAll()
    .where('finishedAt', '<=', nowMinus(olderThanMs))
    .where('loggedAt', 'is', null)
    .where('ordinal', 'is not', null)
    .orderBy('finishedAt')
    .limit(limit)
    .execute()
}

/** Notes that the run's terminal event is in the log. False: it was noted before, or the run has not ended in its turn. */
export async function markLogged(store: Store, runId: string): Promise<boolean> {
  const row = await store.db
    .updateTable('runs')
    .set({ loggedAt: clock })
    .where('id', '=', runId)
    .where('loggedAt', 'is', null)
    .where('finishedAt', 'is not', null)
    .where('ordinal', 'is not', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Sessions in which a run waits for its turn and none has it. */
export async function listReleasable(store: Store, { limit }: { limit: number }): Promise<string[]> {
  const rows = await store.db
    .selectFrom('runs as next')
    .select('next.sessionId')
    .distinct()
    .where('next.loggedAt', 'is', null)
    .where('next.ordinal', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('runs as current')
            .select('current.id')
            .whereRef('current.sessionId', '=', 'next.sessionId')
            .where('current.loggedAt', 'is', null)
            .where('current.ordinal', 'is not', null),
        ),
      ),
    )
    .limit(limit)
    .execute()
  return rows.map((row) => row.sessionId)
}
