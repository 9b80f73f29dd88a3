import { AppError, type Scope, type SessionDetail } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Queryable, Store } from '../store.ts'
import { asScope } from '../with-scope.ts'
import { type DetailRow, newestRun, toSessionDetail, viewColumns } from './select-session.ts'

/** One of one's own sessions, also one that is in the trash. Throws `not_found`. */
export async function getSession(store: Store, scope: Scope, sessionId: string): Promise<SessionDetail> {
  return await readSession(asScope(store, scope), scope, sessionId)
}

/** The same, in a transaction. */
export async function readSession(db: Queryable, scope: Scope, sessionId: string): Promise<SessionDetail> {
  const { rows } = await sql<DetailRow>`
    select ${viewColumns}, s.draft, s.draft_version, s.active_leaf_id from sessions s ${newestRun}
    where s.id = ${sessionId} and s.tenant_id = ${scope.tenantId} and s.user_id = ${scope.userId}`.execute(db)
  if (!rows[0]) throw new AppError('not_found', 'There is no such session.')
  return toSessionDetail(rows[0])
}
