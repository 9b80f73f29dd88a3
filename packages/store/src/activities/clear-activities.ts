import type { Administrator } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { activitiesOf } from './list-activities.ts'
import { recordActivity } from './record-activity.ts'

/** Hides what was recorded until now from the caller's own view, and how much that was. The record stays, and says that this was done. */
export async function clearActivities(store: Store, by: Administrator): Promise<number> {
  return await withScope(store, by, async (db) => {
    // Locked first: of two at once the second one has nothing left to hide.
    await db.selectFrom('users').select('id').where('id', '=', by.userId).forNoKeyUpdate().execute()
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from activities where ${activitiesOf(by, { of: 'own' })}`.execute(db)
    const cleared = rows[0]?.count ?? 0
    await recordActivity(db, by, {
      action: 'activities.clear',
      targetType: 'user',
      targetId: by.userId,
      after: { cleared },
    })
    await sql`
      update users set activities_cleared_at = (
        select max(created_at) from activities
        where tenant_id = ${by.tenantId} and actor_id = ${by.userId} and action = 'activities.clear')
      where id = ${by.userId} and tenant_id = ${by.tenantId}`.execute(db)
    return cleared
  })
}
