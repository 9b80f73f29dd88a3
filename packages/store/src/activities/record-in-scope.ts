import type { Actor, Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Queryable } from '../store.ts'
import { type Activity, recordActivity } from './record-activity.ts'

/**
 * As `recordActivity`, in a transaction of somebody else's scope: a member who does something in a colleague's session. The policy of the
 * record lets people write only what they did themselves, so for this one row the transaction acts for the member.
 */
export async function recordInScope(trx: Queryable, scope: Scope, actor: Actor, activity: Activity): Promise<void> {
  if (actor.userId === scope.userId) return await recordActivity(trx, actor, activity)
  const actFor = async (userId: string): Promise<unknown> =>
    await sql`select set_config('askwire.user_id', ${userId}, true)`.execute(trx)
  await actFor(actor.userId)
  await recordActivity(trx, actor, activity)
  await actFor(scope.userId)
}
