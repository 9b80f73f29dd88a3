import { AppError, type Reach } from '@askwire/contracts'
import { type RawBuilder, sql } from 'kysely'

/** The condition that a row's tenant is within reach: said by every statement, though the row policies hold it too. */
export function reached(reach: Reach, column = 'tenantId'): RawBuilder<boolean> {
  return reach.reach === 'installation'
    ? sql<boolean>`true`
    : sql<boolean>`${sql.ref(column)} = ${reach.tenantId}::uuid`
}

/** The tenant that is meant: the one asked for, else one's own. Throws `not_found` for one beyond reach, whether it exists or not. */
export function tenantWithin(reach: Reach, asked?: string): string {
  if (asked === undefined || asked === reach.tenantId) return reach.tenantId
  if (reach.reach === 'installation') return asked
  throw new AppError('not_found', 'There is no such tenant.')
}
