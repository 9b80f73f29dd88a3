import { type Administrator, AppError, type UpdateUserRequest, type UserView } from '@askwire/contracts'
import { endLoginsOf } from '../accounts/logins.ts'
import { recordActivity } from '../activities/record-activity.ts'
import { clock } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { changedFields } from './changed-fields.ts'
import { findRole } from './find-role.ts'
import { requireHeld } from './holdings.ts'
import { lockOwners } from './lock-owners.ts'
import { lockUser } from './lock-user.ts'
import { requireOtherAdmin } from './require-other-admin.ts'
import { readUser } from './users.ts'

/**
 * Changes a person's role, limits, or whether they are barred, which ends their logins. Throws `not_found`, `forbidden` for somebody or a
 * role above whoever does it, and `conflict` for the last active admin of a tenant and the last active owner.
 */
export async function updateUser(
  store: Store,
  by: Administrator,
  userId: string,
  change: UpdateUserRequest,
): Promise<UserView> {
  return await withScope(store, by, async (db) => {
    const { holder } = await lockUser(db, by, userId)
    const before = await readUser(db, by, userId)
    if (change.roleId !== undefined) {
      const role = await findRole(db, before.tenantId, change.roleId)
      requireHeld(holder, role)
      if (role.builtIn !== 'admin') await requireOtherAdmin(db, before)
    }
    if (change.disabled === true) {
      await requireOtherAdmin(db, before)
      if (before.owner) await requireOtherOwner(db, by, userId)
    }
    await write(db, before, change)
    const after = await readUser(db, by, userId)
    const changed = changedFields(recorded(before), recorded(after))
    if (!changed) return after
    if (after.disabled) await endLoginsOf(db, { tenantId: after.tenantId, userId }, null)
    await recordActivity(
      db,
      { ...by, tenantId: after.tenantId },
      { action: 'user.update', targetType: 'user', targetId: userId, ...changed },
    )
    return after
  })
}

async function write(db: Queryable, before: UserView, { roleId, disabled, limits }: UpdateUserRequest): Promise<void> {
  const set = {
    ...(roleId !== undefined && { roleId }),
    ...(disabled !== undefined && disabled !== before.disabled && { disabledAt: disabled ? clock : null }),
    ...(limits?.maxUnfinishedRuns !== undefined && { maxUnfinishedRuns: limits.maxUnfinishedRuns }),
    ...(limits?.requestsPerMinute !== undefined && { requestsPerMinute: limits.requestsPerMinute }),
  }
  if (Object.keys(set).length === 0) return
  await db.updateTable('users').set(set).where('id', '=', before.id).where('tenantId', '=', before.tenantId).execute()
}

function recorded({ role, disabled, limits }: UserView): Record<string, unknown> {
  return { roleId: role.id, role: role.name, disabled, ...limits }
}

async function requireOtherOwner(db: Queryable, by: Administrator, userId: string): Promise<void> {
  const active = await lockOwners(db)
  if (!active.some((id) => id !== userId))
    throw new AppError('conflict', 'This is the last active owner of the installation.')
  if (!active.includes(by.userId)) throw new AppError('forbidden', 'You do not have the permission for this.')
}
