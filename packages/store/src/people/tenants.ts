import { type Administrator, AppError, newId, type Page, type Reach, type TenantView } from '@askwire/contracts'
import { sql } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { ensureBuiltInRoles } from '../built-in-owner.ts'
import { newestFirst, type PageRequest } from '../cursor.ts'
import { clock } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { beginChange } from './begin-change.ts'
import { changedFields } from './changed-fields.ts'

/** A page of the tenants within reach, newest first. */
export async function listTenants(store: Store, reach: Reach, page: PageRequest): Promise<Page<TenantView>> {
  const newest = newestFirst(page)
  const rows = await withScope(
    store,
    reach,
    async (db) =>
      await selectTenants(db)
        .select(newest.micros)
        .$if(reach.reach !== 'installation', (query) => query.where('id', '=', reach.tenantId))
        .where(newest.after)
        .orderBy(newest.order)
        .limit(newest.limit)
        .execute(),
  )
  return newest.toPage(rows, toTenantView)
}

/** Makes a tenant with its built-in roles. Throws `forbidden` for anyone but an owner. */
export async function createTenant(store: Store, by: Administrator, tenant: { name: string }): Promise<TenantView> {
  return await withScope(store, by, async (db) => {
    await beginChange(db, by, by.tenantId, 'installation.tenants')
    const id = newId()
    await db.insertInto('tenants').values({ id, name: tenant.name }).execute()
    await ensureBuiltInRoles(db, id)
    const activity = { action: 'tenant.create', targetType: 'tenant', targetId: id } as const
    await recordActivity(db, { ...by, tenantId: id }, { ...activity, after: { name: tenant.name } })
    return await readTenant(db, id)
  })
}

/**
 * Renames or bars a tenant, or sets how long its sessions are kept; barring it ends every login of its people. Throws `not_found`, `forbidden` for
 * anyone but an owner, and `conflict` for barring a tenant that an active owner is in.
 */
export async function updateTenant(
  store: Store,
  by: Administrator,
  tenantId: string,
  change: { name?: string | undefined; disabled?: boolean | undefined; retentionDays?: number | null | undefined },
): Promise<TenantView> {
  return await withScope(store, by, async (db) => {
    await beginChange(db, by, tenantId, 'installation.tenants')
    const before = await readTenant(db, tenantId)
    const barred = change.disabled ?? before.disabled
    if (barred && !before.disabled) await requireNoOwner(db, tenantId)
    await db
      .updateTable('tenants')
      .set({
        name: change.name ?? before.name,
        ...(change.retentionDays !== undefined && { retentionDays: change.retentionDays }),
        ...(barred !== before.disabled && { disabledAt: barred ? clock : null }),
      })
      .where('id', '=', tenantId)
      .execute()
    const tenant = await readTenant(db, tenantId)
    const changed = changedFields(recorded(before), recorded(tenant))
    if (!changed) return tenant
    const activity = { action: 'tenant.update', targetType: 'tenant', targetId: tenantId, ...changed } as const
    await recordActivity(db, { ...by, tenantId }, activity)
    if (tenant.disabled) await endLoginsOf(db, tenantId)
    return tenant
  })
}

async function requireNoOwner(db: Queryable, tenantId: string): Promise<void> {
  const owner = await db
    .selectFrom('users')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('owner', '=', true)
    .where('disabledAt', 'is', null)
    .executeTakeFirst()
  if (owner) throw new AppError('conflict', 'An active owner of the installation is in this tenant.')
}

async function endLoginsOf(db: Queryable, tenantId: string): Promise<void> {
  await db
    .updateTable('logins')
    .set({ endedAt: clock })
    .where('tenantId', '=', tenantId)
    .where('endedAt', 'is', null)
    .execute()
}

async function readTenant(db: Queryable, tenantId: string): Promise<TenantView> {
  const row = await selectTenants(db).where('id', '=', tenantId).executeTakeFirst()
  if (!row) throw new AppError('not_found', 'There is no such tenant.')
  return toTenantView(row)
}

function selectTenants(db: Queryable) {
  return db
    .selectFrom('tenants')
    .selectAll()
    .select(sql<number>`(select count(*)::int from users where users.tenant_id = tenants.id)`.as('users'))
}

type Row = Awaited<ReturnType<ReturnType<typeof selectTenants>['executeTakeFirstOrThrow']>>

function toTenantView({ id, name, disabledAt, retentionDays, users, createdAt }: Row): TenantView {
  return { id, name, disabled: disabledAt !== null, retentionDays, users, createdAt: createdAt.toISOString() }
}

function recorded({ name, disabled, retentionDays }: TenantView): Record<string, unknown> {
  return { name, disabled, retentionDays }
}
