import { type Administrator, AppError, type Reach } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope, withScope } from '../with-scope.ts'
import { beginChange } from './begin-change.ts'
import { changedFields } from './changed-fields.ts'

export type TenantSettings = { retentionDays: number | null }

/** What holds for everyone in the administrator's own tenant. */
export async function getTenantSettings(store: Store, reach: Reach): Promise<TenantSettings> {
  return await readSettings(asScope(store, reach), reach.tenantId)
}

/** Changes it, and records that. Throws `forbidden` for who has lost the permission. */
export async function updateTenantSettings(
  store: Store,
  by: Administrator,
  change: { retentionDays?: number | null | undefined },
): Promise<TenantSettings> {
  const { tenantId } = by
  return await withScope(store, by, async (db) => {
    await beginChange(db, by, tenantId, 'users.manage')
    const before = await readSettings(db, tenantId)
    const after = { retentionDays: change.retentionDays === undefined ? before.retentionDays : change.retentionDays }
    const changed = changedFields(before, after)
    if (!changed) return before
    await db.updateTable('tenants').set(after).where('id', '=', tenantId).execute()
    await recordActivity(db, by, { action: 'setting.update', targetType: 'tenant', targetId: tenantId, ...changed })
    return after
  })
}

async function readSettings(db: Queryable, tenantId: string): Promise<TenantSettings> {
  const row = await db.selectFrom('tenants').select('retentionDays').where('id', '=', tenantId).executeTakeFirst()
  if (!row) throw new AppError('not_found', 'There is no such tenant.')
  return row
}
