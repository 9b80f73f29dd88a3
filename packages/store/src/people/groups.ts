import { AppError, type GroupView, type Page, type Reach } from '@askwire/contracts'
import { sql } from 'kysely'
import { newestFirst, type PageRequest } from '../cursor.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { tenantWithin } from './reached.ts'

/** A page of a tenant's groups, newest first. Throws `not_found` for a tenant beyond reach. */
export async function listGroups(
  store: Store,
  reach: Reach,
  page: PageRequest & { tenantId?: string | undefined },
): Promise<Page<GroupView>> {
  const newest = newestFirst(page, { time: 'userGroups.createdAt', id: 'userGroups.id' })
  const tenantId = tenantWithin(reach, page.tenantId)
  const rows = await withScope(
    store,
    reach,
    async (db) =>
      await selectGroups(db)
        .select(newest.micros)
        .where('userGroups.tenantId', '=', tenantId)
        .where(newest.after)
        .orderBy(newest.order)
        .limit(newest.limit)
        .execute(),
  )
  return newest.toPage(rows, toGroupView)
}

/** A group of a tenant, in a transaction that has begun. Throws `not_found`. */
export async function readGroup(db: Queryable, tenantId: string, groupId: string): Promise<GroupView> {
  const row = await selectGroups(db)
    .where('userGroups.tenantId', '=', tenantId)
    .where('userGroups.id', '=', groupId)
    .executeTakeFirst()
  if (!row) throw groupNotFound()
  return toGroupView(row)
}

export function groupNotFound(): AppError {
  return new AppError('not_found', 'There is no such group.')
}

function selectGroups(db: Queryable) {
  return db
    .selectFrom('userGroups')
    .innerJoin('roles', (join) =>
      join.onRef('roles.tenantId', '=', 'userGroups.tenantId').onRef('roles.id', '=', 'userGroups.roleId'),
    )
    .select([
      'userGroups.id',
      'userGroups.tenantId',
      'userGroups.name',
      'userGroups.roleId',
      'userGroups.createdAt',
      'roles.name as roleName',
    ])
    .select(
      sql<number>`(select count(*)::int from group_members where group_members.group_id = user_groups.id)`.as(
        'members',
      ),
    )
}

type Row = Awaited<ReturnType<ReturnType<typeof selectGroups>['executeTakeFirstOrThrow']>>

function toGroupView({ id, tenantId, name, roleId, roleName, members, createdAt }: Row): GroupView {
  return { id, tenantId, name, role: { id: roleId, name: roleName }, members, createdAt: createdAt.toISOString() }
}
