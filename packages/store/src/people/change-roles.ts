import {
  type Administrator,
  AppError,
  type CreateRoleRequest,
  newId,
  type RoleView,
  type UpdateRoleRequest,
} from '@askwire/contracts'
import { sql } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { violatedForeignKey, violatedUnique } from '../database-errors.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { beginChange } from './begin-change.ts'
import { changedFields } from './changed-fields.ts'
import { type RoleRow, roleNotFound } from './find-role.ts'
import { type Holdings, requireHeld } from './holdings.ts'
import { reached } from './reached.ts'
import { readRole } from './roles.ts'

/** Makes a role in one's own tenant. Throws `forbidden` for a permission that whoever makes it does not hold, `conflict` for a name in use. */
export async function createRole(store: Store, by: Administrator, role: CreateRoleRequest): Promise<RoleView> {
  const { tenantId } = by
  const permissions = [...new Set(role.permissions)]
  return await refusingTwins(
    withScope(store, by, async (db) => {
      requireHeld(await beginChange(db, by, tenantId, 'roles.manage'), { builtIn: null, permissions })
      const id = newId()
      await db.insertInto('roles').values({ id, tenantId, name: role.name, permissions }).execute()
      await recordActivity(db, by, {
        action: 'role.create',
        targetType: 'role',
        targetId: id,
        after: { name: role.name, permissions },
      })
      return await readRole(db, tenantId, id)
    }),
  )
}

/**
 * Changes a role. Throws `not_found`, `conflict` for a built-in role or a name in use, and
 * `forbidden` when the role holds, before or after, what whoever changes it does not.
 */
export async function updateRole(
  store: Store,
  by: Administrator,
  roleId: string,
  change: UpdateRoleRequest,
): Promise<RoleView> {
  return await refusingTwins(
    withScope(store, by, async (db) => {
      const { before, holder } = await beginRoleChange(db, by, roleId)
      const after = {
        name: change.name ?? before.name,
        permissions: change.permissions ? [...new Set(change.permissions)] : before.permissions,
      }
      requireHeld(holder, { builtIn: null, permissions: after.permissions })
      const changed = changedFields({ name: before.name, permissions: before.permissions }, after)
      if (!changed) return await readRole(db, before.tenantId, roleId)
      await db
        .updateTable('roles')
        .set(after)
        .where('id', '=', roleId)
        .where('tenantId', '=', before.tenantId)
        .execute()
      const activity = { action: 'role.update', targetType: 'role', targetId: roleId, ...changed } as const
      await recordActivity(db, { ...by, tenantId: before.tenantId }, activity)
      return await readRole(db, before.tenantId, roleId)
    }),
  )
}

/** Deletes a role, with the invitations to it that are over. Throws `not_found`, `forbidden`, and `conflict` while anyone or anything has it. */
export async function deleteRole(store: Store, by: Administrator, roleId: string): Promise<void> {
  const work = withScope(store, by, async (db) => {
    const { before } = await beginRoleChange(db, by, roleId)
    await sql`
      delete from invitations where tenant_id = ${before.tenantId} and role_id = ${roleId}
        and (accepted_at is not null or revoked_at is not null or expires_at <= clock_timestamp())`.execute(db)
    await db.deleteFrom('roles').where('id', '=', roleId).where('tenantId', '=', before.tenantId).execute()
    await recordActivity(
      db,
      { ...by, tenantId: before.tenantId },
      {
        action: 'role.delete',
        targetType: 'role',
        targetId: roleId,
        before: { name: before.name, permissions: before.permissions },
      },
    )
  })
  await work.catch((error: unknown) => {
    if (!violatedForeignKey(error)) throw error
    throw new AppError('conflict', 'The role is in use: by people, groups or open invitations.', { cause: error })
  })
}

async function beginRoleChange(
  db: Queryable,
  by: Administrator,
  roleId: string,
): Promise<{ before: RoleRow; holder: Holdings }> {
  const query = db.selectFrom('roles').selectAll().where('id', '=', roleId).where(reached(by))
  const found = await query.executeTakeFirst()
  if (!found) throw roleNotFound()
  const holder = await beginChange(db, by, found.tenantId, 'roles.manage')
  const before = await query.executeTakeFirst()
  if (!before) throw roleNotFound()
  if (before.builtIn) throw new AppError('conflict', 'A built-in role cannot be changed or deleted.')
  requireHeld(holder, before)
  return { before, holder }
}

async function refusingTwins<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    if (violatedUnique(error) !== 'roles_one_name') throw error
    throw new AppError('conflict', 'There is a role of this name already.', { cause: error })
  })
}
