import { AppError } from '@askwire/contracts'
import type { Selectable } from 'kysely'
import type { RolesTable } from '../people-tables.ts'
import type { Queryable } from '../store.ts'

export type RoleRow = Selectable<RolesTable>

/** A role of the tenant by its id, or its built-in `user`. Throws `not_found`, also for a role of another tenant. */
export async function findRole(db: Queryable, tenantId: string, roleId: string | 'user'): Promise<RoleRow> {
  const query = db.selectFrom('roles').selectAll().where('tenantId', '=', tenantId)
  const row = await (roleId === 'user'
    ? query.where('builtIn', '=', 'user')
    : query.where('id', '=', roleId)
  ).executeTakeFirst()
  if (!row) throw roleNotFound()
  return row
}

export function roleNotFound(): AppError {
  return new AppError('not_found', 'There is no such role.')
}
