import {
  type Administrator,
  AppError,
  type CreateGroupRequest,
  type GroupView,
  newId,
  type UpdateGroupRequest,
} from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { violatedUnique } from '../database-errors.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { beginChange } from './begin-change.ts'
import { changedFields } from './changed-fields.ts'
import { findRole } from './find-role.ts'
import { groupNotFound, readGroup } from './groups.ts'
import { type Holdings, requireHeld } from './holdings.ts'
import { reached } from './reached.ts'

/** Makes a group in one's own tenant. Throws `not_found` for a foreign role, `forbidden` for one above, `conflict` for a name in use. */
export async function createGroup(store: Store, by: Administrator, group: CreateGroupRequest): Promise<GroupView> {
  const { tenantId } = by
  return await refusingTwins(
    withScope(store, by, async (db) => {
      const holder = await beginChange(db, by, tenantId, 'roles.manage')
      const role = await findRole(db, tenantId, group.roleId)
      requireHeld(holder, role)
      const id = newId()
      await db.insertInto('userGroups').values({ id, tenantId, name: group.name, roleId: role.id }).execute()
      const made = await readGroup(db, tenantId, id)
      await recordActivity(db, by, {
        action: 'group.create',
        targetType: 'group',
        targetId: id,
        after: recorded(made),
      })
      return made
    }),
  )
}

/** Changes a group. Throws as `createGroup` does, also for a group that is above. */
export async function updateGroup(
  store: Store,
  by: Administrator,
  groupId: string,
  change: UpdateGroupRequest,
): Promise<GroupView> {
  return await refusingTwins(
    withScope(store, by, async (db) => {
      const { group: before, holder } = await lockGroup(db, by, groupId, 'roles.manage')
      if (change.roleId !== undefined) requireHeld(holder, await findRole(db, before.tenantId, change.roleId))
      await db
        .updateTable('userGroups')
        .set({ name: change.name ?? before.name, roleId: change.roleId ?? before.role.id })
        .where('id', '=', groupId)
        .where('tenantId', '=', before.tenantId)
        .execute()
      const group = await readGroup(db, before.tenantId, groupId)
      const changed = changedFields(recorded(before), recorded(group))
      if (!changed) return group
      const activity = { action: 'group.update', targetType: 'group', targetId: groupId, ...changed } as const
      await recordActivity(db, { ...by, tenantId: group.tenantId }, activity)
      return group
    }),
  )
}

/** Deletes a group and tells of which tenant it was. Throws `not_found`, and `forbidden` for a group that is above. */
export async function deleteGroup(store: Store, by: Administrator, groupId: string): Promise<{ tenantId: string }> {
  return await withScope(store, by, async (db) => {
    const { group } = await lockGroup(db, by, groupId, 'roles.manage')
    const members = await memberIds(db, groupId)
    await db.deleteFrom('userGroups').where('id', '=', groupId).where('tenantId', '=', group.tenantId).execute()
    await recordActivity(
      db,
      { ...by, tenantId: group.tenantId },
      {
        action: 'group.delete',
        targetType: 'group',
        targetId: groupId,
        before: { ...recorded(group), members },
      },
    )
    return { tenantId: group.tenantId }
  })
}

/** Begins a change to a group: locks its tenant. Throws `not_found`, and `forbidden` when its role is above whoever makes the change. */
export async function lockGroup(
  db: Queryable,
  by: Administrator,
  groupId: string,
  needed: 'roles.manage' | 'users.manage',
): Promise<{ group: GroupView; holder: Holdings }> {
  const found = await db
    .selectFrom('userGroups')
    .select('tenantId')
    .where('id', '=', groupId)
    .where(reached(by))
    .executeTakeFirst()
  if (!found) throw groupNotFound()
  const holder = await beginChange(db, by, found.tenantId, needed)
  const group = await readGroup(db, found.tenantId, groupId)
  requireHeld(holder, await findRole(db, found.tenantId, group.role.id))
  return { group, holder }
}

async function memberIds(db: Queryable, groupId: string): Promise<string[]> {
  const rows = await db.selectFrom('groupMembers').select('userId').where('groupId', '=', groupId).execute()
  return rows.map(({ userId }) => userId)
}

function recorded({ name, role }: GroupView): Record<string, unknown> {
  return { name, roleId: role.id, role: role.name }
}

async function refusingTwins<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    if (violatedUnique(error) !== 'user_groups_one_name') throw error
    throw new AppError('conflict', 'There is a group of this name already.', { cause: error })
  })
}
