import { type Action, type Actor, newId } from '@askwire/contracts'
import { json } from '../sql.ts'
import type { Queryable } from '../store.ts'

export type Activity = {
  action: Action
  targetType: string
  targetId: string | null
  /** Non-secret fields only. */
  before?: Record<string, unknown> | undefined
  after?: Record<string, unknown> | undefined
}

/** Null for something done by nobody known, such as a failed login, or by the system itself. */
type By = Omit<Actor, 'userId'> & { userId: string | null }

/** Records what somebody did, in the transaction that does it: `db` MUST be that transaction. */
export async function recordActivity(db: Queryable, actor: By, activity: Activity): Promise<void> {
  await db.insertInto('activities').values(activityRow(actor, activity)).execute()
}

/** The row that `recordActivity` inserts, for a statement that changes something and records it at once. */
export function activityRow(actor: By, activity: Activity) {
  return {
    id: newId(),
    tenantId: actor.tenantId,
    actorId: actor.userId,
    action: activity.action,
    targetType: activity.targetType,
    targetId: activity.targetId,
    address: actor.address,
    agent: actor.agent,
    requestId: actor.requestId,
    before: activity.before ? json(activity.before) : null,
    after: activity.after ? json(activity.after) : null,
  }
}
