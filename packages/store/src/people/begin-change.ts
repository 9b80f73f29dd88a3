import { type Administrator, AppError, type Permission } from '@askwire/contracts'
import type { Queryable } from '../store.ts'
import { type Holdings, readHoldings } from './holdings.ts'
import { lockTenant } from './lock-tenant.ts'

/**
 * Begins a change to a tenant's people: locks the tenant, and reads what whoever makes it may do now, which what the gateway remembers may be two
 * seconds behind. Throws `not_found` for
 * a tenant beyond reach and `forbidden` for who has lost the permission.
 */
export async function beginChange(
  db: Queryable,
  by: Administrator,
  tenantId: string,
  needed: Permission,
): Promise<Holdings> {
  if (!(await lockTenant(db, tenantId))) throw new AppError('not_found', 'There is no such tenant.')
  const holder = await readHoldings(db, by)
  if (!holder || holder.disabled || !holder.permissions.has(needed))
    throw new AppError('forbidden', 'You do not have the permission for this.')
  return holder
}
