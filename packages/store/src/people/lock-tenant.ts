import type { Queryable } from '../store.ts'

/** Locks a tenant until the transaction ends, so that changes to its people go one after the other. New members need not wait for it. False: there is none within reach. */
export async function lockTenant(db: Queryable, tenantId: string): Promise<boolean> {
  const tenant = await db
    .selectFrom('tenants')
    .select('id')
    .where('id', '=', tenantId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return tenant !== undefined
}
