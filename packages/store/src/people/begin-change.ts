import { type Administrator, AppError, type Permission } from '@askwire/contracts'
import type { Queryable } from '../store.ts'
import { type Holdings, readHoldings } from './holdings.ts'

/**
 * Begins a change to a tenant's people: locks the tenant, so that its changes go one after the other, and reads what whoever makes it
 * may do now, which what the gateway remembers may be two seconds behind. New members need not wait for the lock. Throws `not_found` for
 * a tenant beyond reach and `forbidden` for who has lost the permission.
 */
export async function beginChange(
  db: Queryable,
  by: Administrator,
  tenantId: string,
  needed: Permission,
): Promise<Holdings> {
  const tenant = await db
    .selectFrom('tenants')
    .select('id')
    .where('id', '=', tenantId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!tenant) throw new AppError('not_found', 'There is no such tenant.')
  const holder = await readHoldings(db, by)
  if (!holder || holder.disabled || !holder.permissions.has(needed))
    throw new AppError('forbidden', 'You do not have the permission for this.')
  return holder
}
