import { AppError, type Scope } from '@askwire/contracts'
import type { Selectable } from 'kysely'
import type { SessionsTable } from './session-tables.ts'
import type { Queryable, Store } from './store.ts'
import { asScope } from './with-scope.ts'

export type SessionRow = Pick<Selectable<SessionsTable>, (typeof COLUMNS)[number]>

const COLUMNS = [
  'id',
  'tenantId',
  'userId',
  'title',
  'titleSource',
  'folderId',
  'archivedAt',
  'deletedAt',
  'temporary',
  'activeLeafId',
  'lastOrdinal',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof SessionsTable)[]

/** The session, when it is the caller's own and not in the trash; else throws `not_found`, whether it exists or not. */
export async function requireSession(store: Store, scope: Scope, sessionId: string): Promise<SessionRow> {
  const row = await ownSession(asScope(store, scope), scope, sessionId).executeTakeFirst()
  if (!row) throw sessionNotFound()
  return row
}

/** Locks the caller's own session until the transaction ends; throws `not_found`. New messages of it need not wait. */
export async function lockSession(trx: Queryable, scope: Scope, sessionId: string): Promise<SessionRow> {
  const row = await ownSession(trx, scope, sessionId).forNoKeyUpdate().executeTakeFirst()
  if (!row) throw sessionNotFound()
  return row
}

function ownSession(db: Queryable, scope: Scope, sessionId: string) {
  return db
    .selectFrom('sessions')
    .select(COLUMNS)
    .where('id', '=', sessionId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('deletedAt', 'is', null)
}

/** The same words for a session that is not there and for one that is not open to the caller. */
export function sessionNotFound(): AppError {
  return new AppError('not_found', 'There is no such session.')
}
