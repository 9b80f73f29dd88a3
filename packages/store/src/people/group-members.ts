import { type Administrator, AppError, type Page, type Reach, type UserView } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { newestFirst, type PageRequest } from '../cursor.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { lockGroup } from './change-groups.ts'
import { groupNotFound } from './groups.ts'
import { type Holdings, readHoldings, requireAbove } from './holdings.ts'
import { reached } from './reached.ts'
import { readUser, selectUsers, toUserView, userNotFound } from './users.ts'

/** A page of a group's members, who joined last first. Throws `not_found`. */
export async function listGroupMembers(
  store: Store,
  reach: Reach,
  groupId: string,
  page: PageRequest,
): Promise<Page<UserView>> {
  const newest = newestFirst(page, { time: 'groupMembers.createdAt', id: 'users.id' })
  const rows = await withScope(store, reach, async (db) => {
    const query = db.selectFrom('userGroups').select('id').where('id', '=', groupId).where(reached(reach))
    if (!(await query.executeTakeFirst())) throw groupNotFound()
    return await selectUsers(db)
      .innerJoin('groupMembers', 'groupMembers.userId', 'users.id')
      .select(newest.micros)
      .where('groupMembers.groupId', '=', groupId)
      .where(reached(reach, 'groupMembers.tenantId'))
      .where(newest.after)
      .orderBy(newest.order)
      .limit(newest.limit)
      .execute()
  })
  return newest.toPage(rows, toUserView)
}

/** Puts a person into a group of their tenant; again changes nothing. Throws `not_found`, and `forbidden` for a group or person above. */
export async function addGroupMember(
  store: Store,
  by: Administrator,
  groupId: string,
  userId: string,
): Promise<UserView> {
  return await withScope(store, by, async (db) => {
    const { group, holder } = await lockGroup(db, by, groupId, 'users.manage')
    const { tenantId } = group
    await requireBelow(db, holder, { tenantId, userId })
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('groupMembers')
      .values({ tenantId, groupId, userId })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows) {
      const activity = { action: 'group.member_add', targetType: 'group', targetId: groupId } as const
      await recordActivity(db, { ...by, tenantId }, { ...activity, after: { userId, group: group.name } })
    }
    return await readUser(db, by, userId)
  })
}

/** Takes a person out of a group, and tells of which tenant. Throws `not_found`, also when they are not in it, and `forbidden` for a group or person above. */
export async function removeGroupMember(
  store: Store,
  by: Administrator,
  groupId: string,
  userId: string,
): Promise<{ tenantId: string }> {
  return await withScope(store, by, async (db) => {
    const { group, holder } = await lockGroup(db, by, groupId, 'users.manage')
    const { tenantId } = group
    await requireBelow(db, holder, { tenantId, userId })
    const { numDeletedRows } = await db
      .deleteFrom('groupMembers')
      .where('groupId', '=', groupId)
      .where('userId', '=', userId)
      .where('tenantId', '=', tenantId)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw new AppError('not_found', 'There is no such member.')
    const activity = { action: 'group.member_remove', targetType: 'group', targetId: groupId } as const
    await recordActivity(db, { ...by, tenantId }, { ...activity, before: { userId, group: group.name } })
    return { tenantId }
  })
}

async function requireBelow(
  db: Queryable,
  holder: Holdings,
  person: { tenantId: string; userId: string },
): Promise<void> {
  const holdings = await readHoldings(db, person)
  if (!holdings) throw userNotFound()
  requireAbove(holder, holdings)
}
