import { AppError, type LoginView, type Page, type RequestFacts, type Scope } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { newestFirst, type PageRequest } from '../cursor.ts'
import { clock } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope, withScope } from '../with-scope.ts'

/** Where I am signed in, newest first. */
export async function listLogins(
  store: Store,
  scope: Scope,
  page: PageRequest,
  currentId: string | null,
): Promise<Page<LoginView>> {
  const newest = newestFirst(page)
  const rows = await asScope(store, scope)
    .selectFrom('logins')
    .selectAll()
    .select(newest.micros)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', clock)
    .where(newest.after)
    .orderBy(newest.order)
    .limit(newest.limit)
    .execute()
  return newest.toPage(rows, (row) => ({
    id: row.id,
    current: row.id === currentId,
    address: row.address,
    agent: row.agent,
    method: row.method,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }))
}

/** Ends one of my logins; throws `not_found` for any other. One that has ended stays so. */
export async function endLogin(store: Store, scope: Scope, loginId: string, facts: RequestFacts): Promise<void> {
  await withScope(store, scope, async (db) => {
    const found = await db
      .selectFrom('logins')
      .select('endedAt')
      .where('tenantId', '=', scope.tenantId)
      .where('userId', '=', scope.userId)
      .where('id', '=', loginId)
      .forUpdate()
      .executeTakeFirst()
    if (!found) throw new AppError('not_found', 'There is no such login.')
    if (found.endedAt !== null) return
    await db.updateTable('logins').set({ endedAt: clock }).where('id', '=', loginId).execute()
    await recordActivity(db, { ...scope, ...facts }, { action: 'login.end', targetType: 'login', targetId: loginId })
  })
}

/** Ends the login a refresh token belongs to, used or not. Undefined when it is over or there is none. */
export async function endLoginOfRefresh(store: Store, hash: Buffer, facts: RequestFacts): Promise<Scope | undefined> {
  return await store.db.transaction().execute(async (trx) => {
    const ended = await trx
      .updateTable('logins')
      .set({ endedAt: clock })
      .where('endedAt', 'is', null)
      .where('id', 'in', (eb) => eb.selectFrom('refreshTokens').select('loginId').where('hash', '=', hash))
      .returning(['id', 'tenantId', 'userId'])
      .executeTakeFirst()
    if (!ended) return undefined
    const scope = { tenantId: ended.tenantId, userId: ended.userId }
    await recordActivity(trx, { ...scope, ...facts }, { action: 'login.end', targetType: 'login', targetId: ended.id })
    return scope
  })
}

/** Ends all logins of a user but one, in the caller's transaction; gives how many. */
export async function endLoginsOf(db: Queryable, scope: Scope, exceptId: string | null): Promise<number> {
  let query = db
    .updateTable('logins')
    .set({ endedAt: clock })
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('endedAt', 'is', null)
  if (exceptId !== null) query = query.where('id', '!=', exceptId)
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}
