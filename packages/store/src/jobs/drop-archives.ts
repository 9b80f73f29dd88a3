import type { Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Queryable } from '../store.ts'

/**
 * Drops a person's archives, for what is in them is to be erased; one that is being written, or waits to be gone on with, is begun anew. MUST be in the
 * transaction that takes the session out of what is exported.
 */
export async function dropArchives(db: Queryable, { tenantId, userId }: Scope): Promise<void> {
  await db
    .deleteFrom('jobs')
    .where('tenantId', '=', tenantId)
    .where('userId', '=', userId)
    .where('kind', '=', 'export')
    .where('status', '=', 'succeeded')
    .execute()
  // Whoever writes one is fenced off by the status, and whoever comes next finds no state to go on from.
  const anew = await db
    .updateTable('jobs')
    .set({
      ...{ status: 'queued', workerId: null, leaseUntil: null, state: null },
      publishedAt: sql<Date>`case when status = 'queued' then published_at end`,
      tries: sql<number>`case when status = 'running' then greatest(tries - 1, 0) else tries end`,
    })
    .where('tenantId', '=', tenantId)
    .where('userId', '=', userId)
    .where('kind', '=', 'export')
    .where('status', 'in', ['queued', 'running'])
    .returning('id')
    .execute()
  if (anew.length === 0) return
  const ids = anew.map(({ id }) => id)
  await db.deleteFrom('jobFiles').where('jobId', 'in', ids).where('role', '=', 'output').execute()
}
