import { AppError, type Page, type Reach, type UserView } from '@askwire/contracts'
import { sql } from 'kysely'
import { newestFirst, type PageRequest } from '../cursor.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { reached, tenantWithin } from './reached.ts'

export type UsersFilter = {
  /** Found in name and address, whatever the case. */
  q?: string | undefined
  roleId?: string | undefined
  disabled?: boolean | undefined
  /** Default: every tenant within reach. */
  tenantId?: string | undefined
}

/** A page of the people within reach, newest first. Throws `not_found` for a tenant beyond it, `invalid_request` for a malformed cursor. */
export async function listUsers(store: Store, reach: Reach, page: PageRequest & UsersFilter): Promise<Page<UserView>> {
  const newest = newestFirst(page, { time: 'users.createdAt', id: 'users.id' })
  const { q, roleId, disabled } = page
  const tenantId = page.tenantId === undefined ? undefined : tenantWithin(reach, page.tenantId)
  const rows = await withScope(
    store,
    reach,
    async (db) =>
      await selectUsers(db)
        .select(newest.micros)
        .where(reached(reach, 'users.tenantId'))
        .$if(tenantId !== undefined, (query) => query.where('users.tenantId', '=', tenantId ?? ''))
        .$if(roleId !== undefined, (query) => query.where('users.roleId', '=', roleId ?? ''))
        .$if(disabled !== undefined, (query) => query.where('users.disabledAt', disabled ? 'is not' : 'is', null))
        .$if(q !== undefined, (query) =>
          query.where(
            sql<boolean>`position(lower(${q}::text) in lower(users.name || ' ' || coalesce(users.email, ''))) > 0`,
          ),
        )
        .where(newest.after)
        .orderBy(newest.order)
        .limit(newest.limit)
        .execute(),
  )
  return newest.toPage(rows, toUserView)
}

/** One person within reach. Throws `not_found`. */
export async function getUser(store: Store, reach: Reach, userId: string): Promise<UserView> {
  return await withScope(store, reach, async (db) => await readUser(db, reach, userId))
}

/** As `getUser`, in a transaction that has begun. */
export async function readUser(db: Queryable, reach: Reach, userId: string): Promise<UserView> {
  const row = await selectUsers(db)
    .where('users.id', '=', userId)
    .where(reached(reach, 'users.tenantId'))
    .executeTakeFirst()
  if (!row) throw userNotFound()
  return toUserView(row)
}

export function userNotFound(): AppError {
  return new AppError('not_found', 'There is no such person.')
}

/** People with their role and groups; nothing secret is selected. */
export function selectUsers(db: Queryable) {
  return db
    .selectFrom('users')
    .innerJoin('roles', (join) =>
      join.onRef('roles.tenantId', '=', 'users.tenantId').onRef('roles.id', '=', 'users.roleId'),
    )
    .select([
      'users.id',
      'users.tenantId',
      'users.email',
      'users.name',
      'users.owner',
      'users.disabledAt',
      'users.totpEnabledAt',
      'users.maxUnfinishedRuns',
      'users.requestsPerMinute',
      'users.lastSeenAt',
      'users.createdAt',
      'users.roleId',
      'roles.name as roleName',
    ])
    .select(
      sql<{ id: string; name: string }[]>`(
        select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) order by g.name), '[]')
        from group_members m join user_groups g on g.id = m.group_id
        where m.tenant_id = users.tenant_id and m.user_id = users.id)`.as('groups'),
    )
}

type UserRow = Awaited<ReturnType<ReturnType<typeof selectUsers>['executeTakeFirstOrThrow']>>

export function toUserView(row: UserRow): UserView {
  const { id, tenantId, email, name, owner, groups, maxUnfinishedRuns, requestsPerMinute } = row
  return {
    id,
    tenantId,
    email,
    name,
    role: { id: row.roleId, name: row.roleName },
    groups,
    owner,
    disabled: row.disabledAt !== null,
    mfaEnabled: row.totpEnabledAt !== null,
    limits: { maxUnfinishedRuns, requestsPerMinute },
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  }
}
