import { type Actor, AppError, type QueuedQuestion, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Activity } from '../activities/record-activity.ts'
import { recordInScope } from '../activities/record-in-scope.ts'
import { IN_TURN } from '../runs/in-turn.ts'
import { type RunRow, runNotFound } from '../runs/run-row.ts'
import { lockSession } from '../sessions.ts'
import { storableText } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope, withScope } from '../with-scope.ts'

const MAX_QUEUED = 1000

/** The questions of a session that are not being answered yet, in the order of their turns, at most 1000; none of a foreign one. */
export async function listQueue(store: Store, scope: Scope, sessionId: string): Promise<QueuedQuestion[]> {
  const { rows } = await sql<Omit<QueuedQuestion, 'createdAt'> & { createdAt: Date }>`
    select r.id as run_id, r.question_id, m.content as message, r.kind, r.status, r.created_at
    from runs r join messages m on m.id = r.question_id
    where r.session_id = ${sessionId} and r.tenant_id = ${scope.tenantId} and r.user_id = ${scope.userId}
      and r.logged_at is null and r.status in ('waiting', 'queued')
    order by ${IN_TURN} limit ${MAX_QUEUED}`.execute(asScope(store, scope))
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }))
}

/**
 * Gives the waiting runs of a session a new order; each of them MUST be named once. Throws `not_found`, and `conflict` when they are not
 * those that wait: one has its turn, or another has come.
 */
export async function reorderQueue(
  store: Store,
  scope: Scope,
  actor: Actor,
  { sessionId, runIds }: { sessionId: string; runIds: readonly string[] },
): Promise<void> {
  await withScope(store, scope, async (trx) => {
    // The lock of those who accept and of those who give turns: nothing comes and nothing goes meanwhile.
    await lockSession(trx, scope, sessionId)
    const waiting = await trx
      .selectFrom('runs')
      .select(['id', sql<string>`coalesce(place, seq)`.as('key')])
      .where('sessionId', '=', sessionId)
      .where('loggedAt', 'is', null)
      .where('status', '=', 'waiting')
      .orderBy(IN_TURN)
      .forNoKeyUpdate()
      .execute()
    const known = new Set(waiting.map(({ id }) => id))
    const named = new Set(runIds)
    if (named.size !== runIds.length || named.size !== known.size || runIds.some((id) => !known.has(id)))
      throw new AppError('conflict', 'These are not the questions that wait. Read the queue again.')
    const keys = waiting.map(({ key }) => key)
    await sql`update runs set place = given.key from unnest(${[...runIds]}::uuid[], ${keys}::bigint[]) as given (id, key)
      where runs.id = given.id`.execute(trx)
    await recordInScope(trx, scope, actor, {
      action: 'queue.reorder',
      targetType: 'session',
      targetId: sessionId,
      before: { runIds: [...known] },
      after: { runIds: [...runIds] },
    })
  })
}

type Queued = { sessionId: string; runId: string }

/** Changes the text of a question that still waits. Throws `not_found`, and `conflict` when it has its turn, or asks for another answer. */
export async function editQueued(
  store: Store,
  scope: Scope,
  actor: Actor,
  { message, ...queued }: Queued & { message: string },
): Promise<void> {
  await withScope(store, scope, async (trx) => {
    const run = await holdWaiting(trx, scope, queued)
    if (run.kind !== 'ask')
      throw new AppError('conflict', 'It asks for another answer to a question that was asked before.')
    await trx
      .updateTable('messages')
      .set({ content: storableText(message) })
      .where('id', '=', run.questionId)
      .execute()
    await recordInScope(trx, scope, actor, about('queue.update', run))
  })
}

/** Deletes a question that still waits, and returns its run as it was. Throws `not_found`, and `conflict` when it has its turn. */
export async function deleteQueued(store: Store, scope: Scope, actor: Actor, queued: Queued): Promise<RunRow> {
  return await withScope(store, scope, async (trx) => {
    await lockSession(trx, scope, queued.sessionId)
    const run = await holdWaiting(trx, scope, queued)
    await trx.deleteFrom('runs').where('id', '=', run.id).execute()
    if (run.kind === 'ask') await deleteLoneQuestion(trx, run)
    await recordInScope(trx, scope, actor, about('queue.delete', run))
    return run
  })
}

/** The waiting run, which nobody gives its turn until the transaction ends. */
async function holdWaiting(trx: Queryable, scope: Scope, { sessionId, runId }: Queued): Promise<RunRow> {
  const run = await trx
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', runId)
    .where('sessionId', '=', sessionId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .forUpdate()
    .executeTakeFirst()
  if (!run) throw runNotFound()
  if (run.status !== 'waiting') throw new AppError('conflict', 'This question no longer waits.')
  return run
}

/** Its message goes with it, unless another run answers it too or something was asked below it. */
async function deleteLoneQuestion(trx: Queryable, { sessionId, questionId }: RunRow): Promise<void> {
  const { numDeletedRows } = await trx
    .deleteFrom('messages')
    .where('id', '=', questionId)
    .where((eb) => eb.not(eb.exists(eb.selectFrom('runs').select('id').where('questionId', '=', questionId))))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('messages as below')
            .select('below.id')
            .where('below.sessionId', '=', sessionId)
            .where('below.parentId', '=', questionId),
        ),
      ),
    )
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw new AppError('conflict', 'Another question was asked below this one.')
}

function about(action: 'queue.update' | 'queue.delete', run: RunRow): Activity {
  return {
    action,
    targetType: 'message',
    targetId: run.questionId,
    before: { sessionId: run.sessionId, runId: run.id },
  }
}
