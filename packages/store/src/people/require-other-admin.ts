import { AppError } from '@askwire/contracts'
import type { Queryable } from '../store.ts'

/**
 * Throws `conflict` when this is the last active admin of their tenant. The tenant MUST be locked (`lockTenant`): of two admins who leave, or demote each
 * other, the second one counts after the first has written.
 */
export async function requireOtherAdmin(db: Queryable, user: { tenantId: string; id: string }): Promise<void> {
  const admins = await db
    .selectFrom('users')
    .innerJoin('roles', 'roles.id', 'users.roleId')
    .select('users.id')
    .where('users.tenantId', '=', user.tenantId)
    .where('roles.builtIn', '=', 'admin')
    .where('users.disabledAt', 'is', null)
    .where('users.registeredAt', 'is not', null)
    .execute()
  const isAdmin = admins.some(({ id }) => id === user.id)
  if (isAdmin && admins.length === 1)
    throw new AppError('conflict', 'This is the last active administrator of the tenant.')
}
