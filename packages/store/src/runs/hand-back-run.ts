import { sql } from 'kysely'
import { clock } from '../sql.ts'
import type { Store } from '../store.ts'

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
