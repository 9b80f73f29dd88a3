import type { Queryable } from '../store.ts'

/**
 * Ids of the installation's owners who can sign in. The rows of all owners, who may be of different tenants, stay locked until the transaction ends, in one
 * order: of two who leave at once the second one counts after the first has written.
 */
export async function lockOwners(db: Queryable): Promise<string[]> {
  const owners = await db
    .selectFrom('users')
    .select(['id', 'disabledAt', 'registeredAt'])
    .where('owner', '=', true)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return owners
    .filter(({ disabledAt, registeredAt }) => disabledAt === null && registeredAt !== null)
    .map(({ id }) => id)
}
