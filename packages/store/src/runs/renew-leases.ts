import { defineStatement } from '../define-statement.ts'
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
  return await renewStatement(store.db, [ids, attempts, renewal.leaseMs / 1000])
}

const renewStatement = defineStatement<HeldRun>(
  'renew_leases',
  `update runs set lease_until = clock_timestamp() + make_interval(secs => $3::float8)
  from unnest($1::uuid[], $2::int[]) as held (id, attempt)
  where runs.id = held.id and runs.attempt = held.attempt and runs.status = 'running'
  returning runs.id as "runId", runs.cancel_requested_at is not null as "cancelRequested"`,
)
