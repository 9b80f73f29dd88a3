import type { Administrator } from '@askwire/contracts'
import { endLoginsOf } from '../accounts/logins.ts'
import { recordActivity } from '../activities/record-activity.ts'
import type { Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { lockUser } from './lock-user.ts'

/** Signs a person out everywhere; API tokens stay. Tells how many logins that ended, and in which tenant. Throws `not_found`, and `forbidden` for somebody above. */
export async function endUserLogins(
  store: Store,
  by: Administrator,
  userId: string,
): Promise<{ tenantId: string; ended: number }> {
  return await withScope(store, by, async (db) => {
    const { tenantId } = await lockUser(db, by, userId)
    const ended = await endLoginsOf(db, { tenantId, userId }, null)
    await recordActivity(
      db,
      { ...by, tenantId },
      { action: 'user.logins_end', targetType: 'user', targetId: userId, after: { ended } },
    )
    return { tenantId, ended }
  })
}
