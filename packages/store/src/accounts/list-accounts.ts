import type { Store } from '../store.ts'

/** Every account of the installation, oldest first, for operators. */
export async function listAccounts(store: Store, limit: number) {
  return await store.db
    .selectFrom('users')
    .innerJoin('tenants', 'tenants.id', 'users.tenantId')
    .innerJoin('roles', 'roles.id', 'users.roleId')
    .select(['users.id', 'users.email', 'users.name', 'users.owner', 'users.disabledAt', 'users.totpEnabledAt'])
    .select(['users.lastSeenAt', 'tenants.name as tenant', 'roles.name as role'])
    .where('users.registeredAt', 'is not', null)
    .orderBy('users.createdAt')
    .orderBy('users.id')
    .limit(limit)
    .execute()
}
