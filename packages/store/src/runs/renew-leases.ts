import { sql } from 'kysely'
import { clockPlus } from '../sql.ts'
import type { Store } from '../store.ts'

/** A running attempt whose lease was renewed. What is asked for and not among these is no longer the worker's. */
export type HeldRun = { runId: string; cancelRequested: boolean }

/** Extends the leases of a worker's attempts, all in one statement. Takes ids, not a scope: for workers. */
export async function renewLeases(
  store: Store,
  renewal: { runs: readonly { runId: string; attempt: number }[]; leaseMs: number },
): Promise<HeldRun[]> {
  const ids = renewal.runs.map((run) => run.runId)
  const attempts = renewal.runs.map((run) => run.attempt)
  const { rows } = await sql<HeldRun>`
    update runs set lease_until = ${clockPlus(renewal.leaseMs)}
    from unnest(${ids}::uuid[], ${attempts}::int[]) as held (id, attempt)
    where runs.id = held.id and runs.attempt = held.attempt and runs.status = 'running'
    returning runs.id as "runId", runs.cancel_requested_at is not null as "cancelRequested"`.execute(store.db)
  return rows
}
