import { createHash } from 'node:crypto'
import { type Actor, AppError, newId, type Scope } from '@askwire/contracts'
import { recordInScope } from '../activities/record-in-scope.ts'
import { clock, clockPlus } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope, withScope } from '../with-scope.ts'
import { acceptInTurn, findByKey, orEarlier, type Turn } from './accept-in-turn.ts'
import type { AcceptResult, Asking } from './accept-question.ts'
import { markAskedIn } from './mark-asked-in.ts'
import type { RunRow } from './run-row.ts'

/** A question that is to be answered once more. */
export type Regeneration = Asking & {
  sessionId: string
  questionId: string
  /** Who wants it; absent when the system does. */
  actor?: Actor | undefined
}

/**
 * Stores a run for a question that was asked before: its answer will stand beside the others. Waits, and throws, as `acceptQuestion`
 * does; `not_found` too for anything that is no question of the session.
 */
export async function acceptRegeneration(
  store: Store,
  scope: Scope,
  regeneration: Regeneration,
): Promise<AcceptResult> {
  const requestHash = regeneration.idempotencyKey === undefined ? null : hashRequest(regeneration)
  return await orEarlier(
    () =>
      withScope(store, scope, (trx) =>
        acceptInTurn(trx, scope, { ...regeneration, requestHash }, (turn) =>
          insertRun(trx, scope, { ...regeneration, requestHash }, turn),
        ),
      ),
    () => findByKey(asScope(store, scope), scope, regeneration.idempotencyKey, requestHash),
  )
}

async function insertRun(
  trx: Queryable,
  scope: Scope,
  regeneration: Regeneration & { requestHash: string | null },
  { ordinal }: Turn,
): Promise<RunRow> {
  const { tenantId, userId } = scope
  const { sessionId, questionId, actor } = regeneration
  await requireQuestion(trx, sessionId, questionId)
  await markAskedIn(trx, sessionId, ordinal)
  const run = await trx
    .insertInto('runs')
    .values({
      ...{ id: newId(), tenantId, userId, sessionId, questionId, ordinal, kind: 'regenerate' as const },
      status: ordinal === null ? 'waiting' : 'queued',
      queuedAt: ordinal === null ? null : clock,
      deadlineAt: clockPlus(regeneration.deadlineMs),
      model: regeneration.model ?? null,
      collectionIds: regeneration.collectionIds ?? null,
      parentGiven: true,
      idempotencyKey: regeneration.idempotencyKey ?? null,
      requestHash: regeneration.requestHash,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  if (actor)
    await recordInScope(trx, scope, actor, {
      action: 'message.regenerate',
      targetType: 'message',
      targetId: questionId,
      after: { sessionId, runId: run.id },
    })
  return run
}

async function requireQuestion(trx: Queryable, sessionId: string, questionId: string): Promise<void> {
  const question = await trx
    .selectFrom('messages')
    .select('id')
    .where('sessionId', '=', sessionId)
    .where('id', '=', questionId)
    .where('role', '=', 'user')
    // It must not be deleted before the run that hangs on it is there.
    .forKeyShare()
    .executeTakeFirst()
  if (!question) throw new AppError('not_found', 'There is no such question in this session.')
}

/** Begins with a word that no question's request does, so that the two are never taken for each other. */
function hashRequest(regeneration: Regeneration): string {
  const { sessionId, questionId, onBusy, model = null } = regeneration
  const body = JSON.stringify({ regenerate: [sessionId, questionId, onBusy, model] })
  return createHash('sha256').update(body).digest('base64url')
}
