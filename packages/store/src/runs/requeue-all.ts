import { sql } from 'kysely'
import { clock } from '../sql.ts'
import type { Store } from '../store.ts'

/**
 * Puts every running and queued run back into the outbox. Only for a process that is alone with its database and whose
 * broker starts empty: there, what was running has died with the last process. The lost try counts, so that a question that
 * kills the process does not do so for ever.
 */
export async function requeueAll(store: Store): Promise<number> {
  const rows = await store.db
    .updateTable('runs')
    .set({
      status: 'queued',
      queuedAt: sql<Date>`coalesce(queued_at, ${clock})`,
      publishedAt: null,
      workerId: null,
      leaseUntil: null,
    })
    .where('status', 'in', ['running', 'queued'])
    .returning('id')
    .execute()
  return rows.length
}
