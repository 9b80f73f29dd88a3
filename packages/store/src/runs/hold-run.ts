import { sql } from 'kysely'
import { clock, clockPlus } from '../sql.ts'
import type { Store } from '../store.ts'

/** `held` is false once the attempt is no longer the run's: its worker MUST stop and write nothing more. */
export type LeaseState = { held: boolean; cancelRequested: boolean }

/** Extends the lease of a running attempt and tells whether its user wants it stopped. Takes an id, not a scope: for workers. */
export async function renewLease(
  store: Store,
  lease: { runId: string; attempt: number; leaseMs: number },
): Promise<LeaseState> {
  const row = await store.db
    .updateTable('runs')
    .set({ leaseUntil: clockPlus(lease.leaseMs) })
    .where('id', '=', lease.runId)
    .where('attempt', '=', lease.attempt)
    .where('status', '=', 'running')
    .returning('cancelRequestedAt')
    .executeTakeFirst()
  return { held: row !== undefined, cancelRequested: row !== undefined && row.cancelRequestedAt !== null }
}

/**
 * Gives a running attempt back to the queue, to be published again; with `costsTry: false` (a deploy, not a failure) its try is not counted.
 * False: the attempt was no longer the run's. Takes an id, not a scope: for workers.
 */
export async function handBackRun(
  store: Store,
  back: { runId: string; attempt: number; costsTry: boolean },
): Promise<boolean> {
  const row = await store.db
    .updateTable('runs')
    .set({
      status: 'queued',
      tries: back.costsTry ? sql<number>`tries` : sql<number>`greatest(tries - 1, 0)`,
      queuedAt: clock,
      publishedAt: null,
      workerId: null,
      leaseUntil: null,
    })
    .where('id', '=', back.runId)
    .where('attempt', '=', back.attempt)
    .where('status', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
