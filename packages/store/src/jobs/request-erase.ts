import { type Actor, AppError } from '@askwire/contracts'
import { sql } from 'kysely'
import { type CheckedPerson, confirmChecked } from '../accounts/factors.ts'
import { endLoginsOf } from '../accounts/logins.ts'
import { recordActivity } from '../activities/record-activity.ts'
import { lockOwners } from '../people/lock-owners.ts'
import { lockTenant } from '../people/lock-tenant.ts'
import { requireOtherAdmin } from '../people/require-other-admin.ts'
import { sessionNotFound } from '../sessions.ts'
import { clock } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { cancelJobsOf } from './change-job.ts'
import { createJob } from './create-job.ts'
import { dropArchives } from './drop-archives.ts'
import type { JobRow } from './job-row.ts'

/** Begins to erase one's own session for good, also one in the trash: nobody can ask in it from now on, and archives that hold it are gone. Throws `not_found`. */
export async function requestSessionErase(store: Store, actor: Actor, sessionId: string): Promise<JobRow> {
  return await withScope(store, actor, async (db) => {
    const hidden = await db
      .updateTable('sessions')
      .set({ deletedAt: sql<Date>`coalesce(deleted_at, clock_timestamp())` })
      .where('id', '=', sessionId)
      .where('tenantId', '=', actor.tenantId)
      .where('userId', '=', actor.userId)
      .returning('id')
      .executeTakeFirst()
    if (!hidden) throw sessionNotFound()
    await dropArchives(db, actor)
    await recordActivity(db, actor, { action: 'session.erase', targetType: 'session', targetId: sessionId })
    return await createJob(db, actor, { kind: 'erase', input: { sessionId } })
  })
}

/**
 * Begins to erase one's own account: it is barred and signed out from now on, and its other jobs are stopped. Undefined: what was checked does not hold any more. Throws `conflict`
 * for the last active owner of an installation, or admin of a tenant, with other people, whom nobody could then administer.
 */
export async function requestAccountErase(
  store: Store,
  actor: Actor,
  checked: CheckedPerson,
): Promise<JobRow | undefined> {
  const { tenantId, userId } = actor
  return await store.db.transaction().execute(async (trx) => {
    await requireReplaceable(trx, actor)
    if (!(await confirmChecked(trx, actor, checked))) return undefined
    await trx
      .updateTable('users')
      .set({ disabledAt: clock })
      .where('id', '=', userId)
      .where('tenantId', '=', tenantId)
      .execute()
    await endLoginsOf(trx, actor, null)
    await trx.deleteFrom('apiTokens').where('tenantId', '=', tenantId).where('userId', '=', userId).execute()
    await cancelJobsOf(trx, actor)
    await recordActivity(trx, actor, { action: 'account.erase', targetType: 'user', targetId: userId })
    return await createJob(trx, actor, { kind: 'erase', input: { account: true } })
  })
}

/** Locks as `updateUser` does: the tenant, then the owners. */
async function requireReplaceable(trx: Queryable, { tenantId, userId }: Actor): Promise<void> {
  await lockTenant(trx, tenantId)
  const owners = await lockOwners(trx)
  const others = trx
    .selectFrom('users')
    .select('id')
    .where('registeredAt', 'is not', null)
    .where('id', '<>', userId)
    .limit(1)
  if (owners.length === 1 && owners[0] === userId && (await others.executeTakeFirst()))
    throw new AppError('conflict', 'The last owner cannot leave while there are other people.')
  if (await others.where('tenantId', '=', tenantId).executeTakeFirst())
    await requireOtherAdmin(trx, { tenantId, id: userId })
}
