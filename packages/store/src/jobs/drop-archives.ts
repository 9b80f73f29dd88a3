import type { Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Queryable } from '../store.ts'

/**
 * Drops a person's archives, for what is in them is to be erased; one that is being written is begun anew. MUST be in the transaction that takes the
 * session out of what is exported.
 */
export async function dropArchives(db: Queryable, { tenantId, userId }: Scope): Promise<void> {
  await db
    .deleteFrom('jobs')
    .where('tenantId', '=', tenantId)
    .where('userId', '=', userId)
    .where('kind', '=', 'export')
    .where('status', '=', 'succeeded')
    .execute()
  await db
    .updateTable('jobs')
    .set({
      ...{ status: 'queued', publishedAt: null, workerId: null, leaseUntil: null, state: null },
      tries: sql<number>`greatest(tries - 1, 0)`,
    })
    .where('tenantId', '=', tenantId)
    .where('userId', '=', userId)
    .where('kind', '=', 'export')
    .where('status', '=', 'running')
    .execute()
}
