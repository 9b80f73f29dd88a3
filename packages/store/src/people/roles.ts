import type { Page, Reach, RoleView } from '@askwire/contracts'
import { BUILT_IN_ROLE_PERMISSIONS, grantable } from '@askwire/contracts'
import { sql } from 'kysely'
import { newestFirst, type PageRequest } from '../cursor.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { roleNotFound } from './find-role.ts'
import { tenantWithin } from './reached.ts'

/** A page of a tenant's roles, newest first. Throws `not_found` for a tenant beyond reach. */
export async function listRoles(
  store: Store,
  reach: Reach,
  page: PageRequest & { tenantId?: string | undefined },
): Promise<Page<RoleView>> {
  const newest = newestFirst(page)
  const tenantId = tenantWithin(reach, page.tenantId)
  const rows = await withScope(
    store,
    reach,
    async (db) =>
      await selectRoles(db)
        .select(newest.micros)
        .where('tenantId', '=', tenantId)
        .where(newest.after)
        .orderBy(newest.order)
        .limit(newest.limit)
        .execute(),
  )
  return newest.toPage(rows, toRoleView)
}

/** A role of a tenant, in a transaction that has begun. Throws `not_found`. */
export async function readRole(db: Queryable, tenantId: string, roleId: string): Promise<RoleView> {
  const row = await selectRoles(db).where('tenantId', '=', tenantId).where('id', '=', roleId).executeTakeFirst()
  if (!row) throw roleNotFound()
  return toRoleView(row)
}

function selectRoles(db: Queryable) {
  return db
    .selectFrom('roles')
    .selectAll()
    .select(
      sql<number>`(
        select count(*)::int from users where users.tenant_id = roles.tenant_id and users.role_id = roles.id)`.as(
        'members',
      ),
    )
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRoles>['executeTakeFirstOrThrow']>>

/** What a built-in role holds is the code's to say; names that the code does not know any more are not shown. */
function toRoleView({ id, tenantId, name, builtIn, permissions, members, createdAt }: Row): RoleView {
  const held = builtIn
    ? [...BUILT_IN_ROLE_PERMISSIONS[builtIn]]
    : permissions.flatMap((one) => grantable.safeParse(one).data ?? [])
  return { id, tenantId, name, builtIn, permissions: held, members, createdAt: createdAt.toISOString() }
}
