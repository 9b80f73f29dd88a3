import { AppError, type Scope } from '@askwire/contracts'
import type { Selectable } from 'kysely'
import type { RunsTable } from '../database.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope } from '../with-scope.ts'

/** A run as it is stored. */
export type RunRow = Selectable<RunsTable>

/** The caller's own run; throws `not_found` for any other. */
export async function getRun(store: Store, scope: Scope, runId: string): Promise<RunRow> {
  const row = await asScope(store, scope)
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', runId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .executeTakeFirst()
  if (!row) throw runNotFound()
  return row
}

/** Any run by its id, or undefined. For workers and the reconciler: it takes an id, not a scope. */
export async function findRun(store: { db: Queryable }, runId: string): Promise<RunRow | undefined> {
  return await store.db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirst()
}

export function runNotFound(): AppError {
  return new AppError('not_found', 'There is no such run.')
}
