import { createHash } from 'node:crypto'
import { type Actor, AppError, newId, type RequestFacts, type Scope } from '@askwire/contracts'
import type { Activity } from '../activities/record-activity.ts'
import { recordInScope } from '../activities/record-in-scope.ts'
import type { SessionRow } from '../sessions.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope, withScope } from '../with-scope.ts'
import { acceptAtOnce } from './accept-at-once.ts'
import { acceptInTurn, findByKey, orEarlier } from './accept-in-turn.ts'
import { insertQuestion } from './insert-question.ts'
import { latestMessageId } from './latest-message.ts'
import type { RunRow } from './run-row.ts'

/** What everything that makes a run says of it. */
export type Asking = {
  onBusy: 'enqueue' | 'reject' | 'interrupt'
  model?: string | undefined
  collectionIds?: string[] | undefined
  deadlineMs: number
  idempotencyKey?: string | undefined
  /** Unfinished runs the user may have, this one included. Exact, unless more than 32 are accepted at the same moment. */
  maxUnfinishedRuns?: number | undefined
}

export type Question = Asking & {
  message: string
  sessionId?: string | undefined
  /** Absent: below the open branch. Null: a question that begins the session anew. */
  parentId?: string | null | undefined
  /** Documents of the caller. */
  attachments?: string[] | undefined
  /** Who asks, when it is not the session's owner. */
  authorId?: string | undefined
  /** Where it came from, for the record of a new session. */
  facts?: RequestFacts | undefined
  /** Recorded with it, as done by `actor`. */
  record?: { actor: Actor; activity: Activity } | undefined
}

/**
 * `created` is false when an earlier request with the same key made the run. `blockingRunIds`: the unfinished runs of the session it
 * waits behind, for the caller to cancel when the policy is `interrupt`; that they are to stop is then in their rows already. `position`: as `runPosition`, when it is known already.
 *
 * A run that is `waiting` was accepted while another had the turn. That one's end may have been noted at the same moment, without
 * seeing this one: the caller MUST settle the session once (`settleNext`), or it waits for the reconciler.
 */
export type AcceptResult =
  | { kind: 'accepted'; run: RunRow; created: boolean; blockingRunIds: string[]; position?: number | undefined }
  | { kind: 'busy'; runId: string }

/**
 * Stores a question and its run: `queued` when the session is free, else `waiting`. One statement when nothing stands in the way, else one
 * short transaction. Throws `not_found` (session, parent or an attachment not the caller's), `idempotency_conflict` (same key, other
 * request), `too_many_runs`.
 */
export async function acceptQuestion(store: Store, scope: Scope, question: Question): Promise<AcceptResult> {
  const requestHash = question.idempotencyKey === undefined ? null : hashRequest(question)
  return await orEarlier(
    async () =>
      (question.record ? undefined : await acceptAtOnce(asScope(store, scope), scope, question, requestHash)) ??
      (await withScope(store, scope, (trx) => accept(trx, scope, question, requestHash))),
    () => findByKey(asScope(store, scope), scope, question.idempotencyKey, requestHash),
  )
}

async function accept(
  trx: Queryable,
  scope: Scope,
  question: Question,
  requestHash: string | null,
): Promise<AcceptResult> {
  const { sessionId } = question
  return await acceptInTurn(trx, scope, { ...question, sessionId, requestHash }, async ({ session, ordinal }) => {
    await requireAttachments(trx, scope, question.attachments ?? [])
    const run = await insertQuestion(trx, scope, {
      ...question,
      ...(await placeOf(trx, question, session)),
      requestHash,
      newSession: session === undefined,
      sessionId: session?.id ?? newId(),
      ordinal,
    })
    if (question.record) await recordInScope(trx, scope, question.record.actor, question.record.activity)
    return run
  })
}

/** Below which message it goes, and whether it stays there whatever comes before it. */
async function placeOf(
  trx: Queryable,
  { parentId }: Question,
  session: SessionRow | undefined,
): Promise<{ parentId: string | null; parentGiven: boolean }> {
  if (parentId === null) return { parentId, parentGiven: true }
  if (parentId === undefined) return await openBranch(trx, session)
  const parent =
    session &&
    (await trx
      .selectFrom('messages')
      .select('id')
      .where('sessionId', '=', session.id)
      .where('id', '=', parentId)
      .executeTakeFirst())
  if (!parent) throw new AppError('not_found', 'There is no such message in this session.')
  return { parentId, parentGiven: true }
}

/** The end of the branch that is open. While a run still answers there, what comes before the question is not there yet. */
async function openBranch(
  trx: Queryable,
  session: SessionRow | undefined,
): Promise<{ parentId: string | null; parentGiven: boolean }> {
  if (!session) return { parentId: null, parentGiven: false }
  const leafId = session.activeLeafId
  if (leafId === null) return { parentId: await latestMessageId(trx, session.id), parentGiven: false }
  const answering = await trx
    .selectFrom('runs')
    .select('id')
    .where('sessionId', '=', session.id)
    .where('loggedAt', 'is', null)
    .where('questionId', '=', leafId)
    .limit(1)
    .executeTakeFirst()
  return { parentId: leafId, parentGiven: answering === undefined }
}

async function requireAttachments(trx: Queryable, scope: Scope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const found = await trx
    .selectFrom('documents')
    .select('id')
    .where('id', 'in', [...ids])
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('visible', '=', true)
    .execute()
  if (found.length < new Set(ids).size) throw new AppError('not_found', 'There is no such document.')
}

/** What makes two requests the same. Not the deadline: its default may change between a request and its retry. */
function hashRequest(question: Question): string {
  const { message, sessionId = null, parentId = null, onBusy, model = null, collectionIds = null } = question
  const attached = question.attachments?.length ? [question.attachments] : []
  const body = JSON.stringify([message, sessionId, parentId, onBusy, model, collectionIds, ...attached])
  return createHash('sha256').update(body).digest('base64url')
}
