import { type Actor, AppError, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { IN_TURN } from '../runs/in-turn.ts'
import { lockSession } from '../sessions.ts'
import { clock } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'

/**
 * Deletes a message and everything below it, with the runs that answered there. Says how many messages are gone. Throws `not_found`, and
 * `session_busy` while an unfinished run hangs on any of them.
 */
export async function deleteMessage(
  store: Store,
  scope: Scope,
  actor: Actor,
  { sessionId, messageId }: { sessionId: string; messageId: string },
): Promise<number> {
  return await withScope(store, scope, async (trx) => {
    // Whoever accepts a question below it waits for this, and finds it gone.
    await lockSession(trx, scope, sessionId)
    const ids = await subtreeOf(trx, sessionId, messageId)
    if (ids.length === 0) throw new AppError('not_found', 'There is no such message in this session.')
    await refuseWhileAnswering(trx, sessionId, ids)
    // All in one statement: a cascade would go down level by level, and a long branch is too deep for it.
    await trx.deleteFrom('messages').where('sessionId', '=', sessionId).where('id', 'in', ids).execute()
    await trx.updateTable('sessions').set({ updatedAt: clock }).where('id', '=', sessionId).execute()
    await recordActivity(trx, actor, {
      action: 'message.delete',
      targetType: 'message',
      targetId: messageId,
      before: { sessionId, messages: ids.length },
    })
    return ids.length
  })
}

/** A message and all below it. */
export async function subtreeOf(trx: Queryable, sessionId: string, messageId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive subtree as (
      select id from messages where session_id = ${sessionId} and id = ${messageId}
      union all
      select m.id from subtree join messages m on m.session_id = ${sessionId} and m.parent_id = subtree.id
    )
    select id from subtree`.execute(trx)
  return rows.map((row) => row.id)
}

async function refuseWhileAnswering(trx: Queryable, sessionId: string, ids: readonly string[]): Promise<void> {
  const run = await trx
    .selectFrom('runs')
    .select('id')
    .where('sessionId', '=', sessionId)
    .where('loggedAt', 'is', null)
    .where('questionId', 'in', [...ids])
    .orderBy(IN_TURN)
    .limit(1)
    .executeTakeFirst()
  if (run) throw new AppError('session_busy', 'A question there is still being answered.', { facts: { runId: run.id } })
}
