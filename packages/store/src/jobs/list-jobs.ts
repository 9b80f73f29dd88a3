import type { Page, Scope } from '@askwire/contracts'
import { newestFirst, type PageRequest } from '../cursor.ts'
import type { JobsTable } from '../session-tables.ts'
import type { Store } from '../store.ts'
import { asScope } from '../with-scope.ts'
import type { JobRow } from './job-row.ts'

/** A page of the caller's jobs, newest first; of one kind, or of all that a person asks for. Throws `invalid_request` for a malformed cursor. */
export async function listJobs<View>(
  store: Store,
  scope: Scope,
  page: PageRequest & { kind?: JobsTable['kind'] | undefined },
  toView: (job: JobRow) => View,
): Promise<Page<View>> {
  const newest = newestFirst(page)
  const rows = await asScope(store, scope)
    .selectFrom('jobs')
    .selectAll()
    .select(newest.micros)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('kind', page.kind === undefined ? '<>' : '=', page.kind ?? 'title')
    .where(newest.after)
    .orderBy(newest.order)
    .limit(newest.limit)
    .execute()
  return newest.toPage(rows, toView)
}
