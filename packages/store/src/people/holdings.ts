import { AppError, type BuiltInRole, type Permission, permissionsOf, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Queryable } from '../store.ts'

/** What somebody may do now, by their role, their groups and the owner's mark. */
export type Holdings = { owner: boolean; disabled: boolean; permissions: ReadonlySet<Permission> }

type Row = { owner: boolean; disabled: boolean; builtIn: BuiltInRole | null; permissions: string[] }

/** Reads it in the transaction that relies on it. Undefined when there is no such person within reach. */
export async function readHoldings(db: Queryable, { tenantId, userId }: Scope): Promise<Holdings | undefined> {
  const { rows } = await sql<Row>`
    select users.owner, users.disabled_at is not null as disabled, roles.built_in, roles.permissions
    from users join roles on roles.tenant_id = users.tenant_id
    where users.id = ${userId}::uuid and users.tenant_id = ${tenantId}::uuid
      and (roles.id = users.role_id or roles.id in (
        select user_groups.role_id from group_members
        join user_groups on user_groups.id = group_members.group_id
        where group_members.tenant_id = users.tenant_id and group_members.user_id = users.id))`.execute(db)
  const [first] = rows
  if (!first) return undefined
  const { owner, disabled } = first
  return { owner, disabled, permissions: permissionsOf({ owner, roles: rows }) }
}

/** Throws `forbidden` when `target` holds anything that `holder` does not: nobody administers somebody above them. */
export function requireAbove(holder: Holdings, target: Holdings): void {
  if (target.owner && !holder.owner) throw new AppError('forbidden', 'This person is an owner of the installation.')
  if (!includesAll(holder, target.permissions))
    throw new AppError('forbidden', 'This person has permissions that you do not have.')
}

/** Throws `forbidden` when the role holds anything that `holder` does not: nobody gives, or takes, what they do not have. */
export function requireHeld(
  holder: Holdings,
  role: { builtIn: BuiltInRole | null; permissions: readonly string[] },
): void {
  if (!holdsRole(holder, role)) throw new AppError('forbidden', 'The role has permissions that you do not have.')
}

/** Whether somebody holds everything the role does. */
export function holdsRole(
  holder: Holdings,
  role: { builtIn: BuiltInRole | null; permissions: readonly string[] },
): boolean {
  return includesAll(holder, permissionsOf({ owner: false, roles: [role] }))
}

function includesAll(holder: Holdings, permissions: ReadonlySet<Permission>): boolean {
  return [...permissions].every((one) => holder.permissions.has(one))
}
