import type { Scope } from '@askwire/contracts'
import type { Store } from './store.ts'

/** The tenant and user that own everything until there are accounts. Fixed, so that every process knows them. */
export const BUILT_IN_OWNER: Scope = {
  tenantId: '00000000-0000-7000-8000-000000000001',
  userId: '00000000-0000-7000-8000-000000000002',
}

/** Makes sure that the built-in owner exists; any number of processes may call it at any time. */
export async function ensureBuiltInOwner(store: Store): Promise<Scope> {
  await ensureOwner(store, BUILT_IN_OWNER)
  return BUILT_IN_OWNER
}

/** Makes sure that a tenant and a user with these ids exist. */
export async function ensureOwner(store: Store, scope: Scope, name = 'owner'): Promise<void> {
  await store.db
    .insertInto('tenants')
    .values({ id: scope.tenantId, name: 'default' })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await store.db
    .insertInto('users')
    .values({ id: scope.userId, tenantId: scope.tenantId, name })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
