import type { Action, ActivityView, Page, Reach, Scope } from '@askwire/contracts'
import { type RawBuilder, sql } from 'kysely'
import { newestFirst, type PageRequest } from '../cursor.ts'
import { tenantWithin } from '../people/reached.ts'
import type { Store } from '../store.ts'
import { withScope } from '../with-scope.ts'

/** `own`: what the caller did and has not cleared from view. `tenant`: everything in a tenant, one's own by default. */
export type ActivitiesOf = { of: 'own' } | { of: 'tenant'; tenantId?: string | undefined }

export type ActivitiesFilter = {
  action?: Action | undefined
  actorId?: string | undefined
  /** Included. */
  from?: string | undefined
  /** Not included. */
  to?: string | undefined
}

/** A page of what was recorded, newest first. Who did it from beyond the reader's reach has no name. Throws `not_found` for a tenant beyond it. */
export async function listActivities(
  store: Store,
  reach: Reach,
  whose: ActivitiesOf,
  page: PageRequest & ActivitiesFilter,
): Promise<Page<ActivityView>> {
  const newest = newestFirst(page, { time: 'activities.createdAt', id: 'activities.id' })
  const { action, actorId, from, to } = page
  const shown = activitiesOf(reach, whose)
  const rows = await withScope(
    store,
    reach,
    async (db) =>
      await db
        .selectFrom('activities')
        .leftJoin('users', 'users.id', 'activities.actorId')
        .select([...VIEW, 'users.name as actorName'])
        .select(newest.micros)
        .where(shown)
        .$if(action !== undefined, (query) => query.where('activities.action', '=', action as Action))
        .$if(actorId !== undefined, (query) => query.where('activities.actorId', '=', actorId ?? null))
        .$if(from !== undefined, (query) => query.where(sql<boolean>`activities.created_at >= ${from}::timestamptz`))
        .$if(to !== undefined, (query) => query.where(sql<boolean>`activities.created_at < ${to}::timestamptz`))
        .where(newest.after)
        .orderBy(newest.order)
        .limit(newest.limit)
        .execute(),
  )
  return newest.toPage(rows, ({ micros: _, createdAt, ...row }) => ({ ...row, at: createdAt.toISOString() }))
}

const VIEW = [
  'activities.id',
  'activities.createdAt',
  'activities.action',
  'activities.actorId',
  'activities.targetType',
  'activities.targetId',
  'activities.address',
  'activities.agent',
  'activities.requestId',
  'activities.before',
  'activities.after',
] as const

/** The condition on `activities` for a view; the row policies hold how far it may reach. */
export function activitiesOf(reach: Reach, whose: ActivitiesOf): RawBuilder<boolean> {
  if (whose.of === 'tenant') return sql<boolean>`activities.tenant_id = ${tenantWithin(reach, whose.tenantId)}::uuid`
  // What an owner did in another tenant is recorded there.
  const tenants = reach.reach === 'installation' ? sql`true` : sql`activities.tenant_id = ${reach.tenantId}::uuid`
  return sql<boolean>`(${tenants} and activities.actor_id = ${reach.userId}::uuid and ${notCleared(reach)})`
}

/** The time kept is that of the clearing's own entry, which stays; the embedded database has milliseconds only, so others may share it. */
function notCleared({ userId }: Scope): RawBuilder<boolean> {
  const cleared = sql`coalesce((select activities_cleared_at from users where id = ${userId}::uuid), '-infinity')`
  return sql<boolean>`(activities.created_at > ${cleared}
    or (activities.created_at = ${cleared} and activities.action = 'activities.clear'))`
}
