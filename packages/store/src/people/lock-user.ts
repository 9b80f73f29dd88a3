import type { Administrator } from '@askwire/contracts'
import type { Queryable } from '../store.ts'
import { beginChange } from './begin-change.ts'
import { type Holdings, readHoldings, requireAbove } from './holdings.ts'
import { reached } from './reached.ts'
import { userNotFound } from './users.ts'

/** Begins a change to a person: locks their tenant. Throws `not_found`, and `forbidden` for somebody above whoever makes it. */
export async function lockUser(
  db: Queryable,
  by: Administrator,
  userId: string,
): Promise<{ tenantId: string; holder: Holdings }> {
  const target = await db
    .selectFrom('users')
    .select('tenantId')
    .where('id', '=', userId)
    .where(reached(by))
    .executeTakeFirst()
  if (!target) throw userNotFound()
  const holder = await beginChange(db, by, target.tenantId, 'users.manage')
  const holdings = await readHoldings(db, { tenantId: target.tenantId, userId })
  if (!holdings) throw userNotFound()
  requireAbove(holder, holdings)
  return { tenantId: target.tenantId, holder }
}
