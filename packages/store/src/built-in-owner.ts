import { newId, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Queryable, Store } from './store.ts'

/** The tenant that exists from the start, and the user who becomes the first account. Fixed, so that every process knows them. */
export const BUILT_IN_OWNER: Scope = {
  tenantId: '00000000-0000-7000-8000-000000000001',
  userId: '00000000-0000-7000-8000-000000000002',
}

/** Makes sure that the built-in owner exists; any number of processes may call it at any time. */
export async function ensureBuiltInOwner(store: Store): Promise<Scope> {
  await ensureOwner(store, BUILT_IN_OWNER, 'owner', { owner: true })
  return BUILT_IN_OWNER
}

/** Makes sure that a tenant with its two built-in roles and a user with these ids exist; the user is an admin of it. */
export async function ensureOwner(
  store: Store,
  scope: Scope,
  name = 'owner',
  mark: { owner: boolean } = { owner: false },
): Promise<void> {
  await store.db
    .insertInto('tenants')
    .values({ id: scope.tenantId, name: 'default' })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await ensureBuiltInRoles(store.db, scope.tenantId)
  await sql`
    insert into users (id, tenant_id, name, owner, role_id)
    select ${scope.userId}::uuid, ${scope.tenantId}::uuid, ${name}, ${mark.owner}::boolean, roles.id
    from roles where roles.tenant_id = ${scope.tenantId} and roles.built_in = 'admin'
    on conflict do nothing`.execute(store.db)
}

/** Gives a tenant its `admin` and `user` roles, if it does not have them. */
export async function ensureBuiltInRoles(db: Queryable, tenantId: string): Promise<void> {
  await db
    .insertInto('roles')
    .values((['admin', 'user'] as const).map((kind) => ({ id: newId(), tenantId, name: kind, builtIn: kind })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
