import type { Administrator } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { clock } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { lockUser } from './lock-user.ts'

/** Signs a person out everywhere; how many logins that ended. API tokens stay. Throws `not_found`, and `forbidden` for somebody above. */
export async function endUserLogins(store: Store, by: Administrator, userId: string): Promise<number> {
  return await withScope(store, by, async (db) => {
    const { tenantId } = await lockUser(db, by, userId)
    const ended = await endLogins(db, { id: userId, tenantId })
    await recordActivity(
      db,
      { ...by, tenantId },
      { action: 'user.logins_end', targetType: 'user', targetId: userId, after: { ended } },
    )
    return ended
  })
}

/** Ends every open login of a person; the row's end is what refresh tokens and access tokens are checked against. */
export async function endLogins(db: Queryable, user: { id: string; tenantId: string }): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('logins')
    .set({ endedAt: clock })
    .where('tenantId', '=', user.tenantId)
    .where('userId', '=', user.id)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
