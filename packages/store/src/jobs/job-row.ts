import { AppError, type Scope } from '@askwire/contracts'
import type { Selectable } from 'kysely'
import type { JobsTable } from '../session-tables.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope } from '../with-scope.ts'

/** A job as it is stored. */
export type JobRow = Selectable<JobsTable>

/** The caller's own job; throws `not_found` for any other. */
export async function getJob(store: Store, scope: Scope, jobId: string): Promise<JobRow> {
  const row = await asScope(store, scope)
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', jobId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .executeTakeFirst()
  if (!row) throw jobNotFound()
  return row
}

/** Any job by its id, or undefined. For workers and the reconciler: it takes an id, not a scope. */
export async function findJob(store: { db: Queryable }, jobId: string): Promise<JobRow | undefined> {
  return await store.db.selectFrom('jobs').selectAll().where('id', '=', jobId).executeTakeFirst()
}

export function jobNotFound(): AppError {
  return new AppError('not_found', 'There is no such job.')
}
