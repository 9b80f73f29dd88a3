import { createHash } from 'node:crypto'
import { AppError, newId, type RequestFacts, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import { violatedUnique } from '../database-errors.ts'
import { lockSession } from '../sessions.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope, withScope } from '../with-scope.ts'
import { acceptAtOnce, EXACT_WITHIN } from './accept-at-once.ts'
import { insertQuestion } from './insert-question.ts'
import { latestMessageId } from './latest-message.ts'
import type { RunRow } from './run-row.ts'

export type Question = {
  message: string
  sessionId?: string | undefined
  /** Absent: below the session's newest message. Null: a question that begins the session anew. */
  parentId?: string | null | undefined
  onBusy: 'enqueue' | 'reject' | 'interrupt'
  model?: string | undefined
  collectionIds?: string[] | undefined
  deadlineMs: number
  idempotencyKey?: string | undefined
  /** Unfinished runs the user may have, this one included. Exact, unless more than 32 are accepted at the same moment. */
  maxUnfinishedRuns?: number | undefined
  /** Where it came from, for the record of a new session. */
  facts?: RequestFacts | undefined
}

/**
 * `created` is false when an earlier request with the same key made the run. `blockingRunIds`: the unfinished runs of the session it
 * waits behind, for the caller to cancel when the policy is `interrupt`. `position`: as `runPosition`, when it is known already.
 *
 * A run that is `waiting` was accepted while another had the turn. That one's end may have been noted at the same moment, without
 * seeing this one: the caller MUST settle the session once (`settleNext`), or it waits for the reconciler.
 */
export type AcceptResult =
  | { kind: 'accepted'; run: RunRow; created: boolean; blockingRunIds: string[]; position?: number | undefined }
  | { kind: 'busy'; runId: string }

/**
 * Stores a question and its run: `queued` when the session is free, else `waiting`. One statement when nothing stands in the way, else one
 * short transaction. Throws `not_found` (session or parent not the caller's), `idempotency_conflict` (same key, other request),
 * `too_many_runs`.
 */
export async function acceptQuestion(store: Store, scope: Scope, question: Question): Promise<AcceptResult> {
  const requestHash = question.idempotencyKey === undefined ? null : hashRequest(question)
  try {
    return (
      (await acceptAtOnce(asScope(store, scope), scope, question, requestHash)) ??
      (await withScope(store, scope, (trx) => accept(trx, scope, question, requestHash)))
    )
  } catch (error) {
    // Another request with the same key was quicker: its run is the answer.
    if (violatedUnique(error) !== 'runs_one_per_key') throw error
    const earlier = await findByKey(asScope(store, scope), scope, question, requestHash)
    if (!earlier) throw error
    return earlier
  }
}

async function accept(
  trx: Queryable,
  scope: Scope,
  question: Question,
  requestHash: string | null,
): Promise<AcceptResult> {
  // Locks first, in one order everywhere: user, then session. What is read after them is what holds at the commit.
  const unfinished = await countUnfinished(trx, scope, question.maxUnfinishedRuns)
  const session = question.sessionId === undefined ? undefined : await lockSession(trx, scope, question.sessionId)
  const earlier = await findByKey(trx, scope, question, requestHash)
  if (earlier) return earlier

  const unsettled = session ? await listUnsettled(trx, session.id) : []
  const blocking = unsettled.filter((run) => run.finishedAt === null)
  if (question.onBusy === 'reject' && unsettled[0]) return { kind: 'busy', runId: (blocking[0] ?? unsettled[0]).id }
  if (question.maxUnfinishedRuns !== undefined && unfinished >= question.maxUnfinishedRuns) throw tooManyRuns()

  const run = await insertQuestion(trx, scope, {
    ...question,
    requestHash,
    newSession: session === undefined,
    sessionId: session?.id ?? newId(),
    ordinal: unsettled.length > 0 ? null : (session?.lastOrdinal ?? 0) + 1,
    parentGiven: question.parentId !== undefined,
    parentId: await parentOf(trx, question, session?.id),
  })
  return { kind: 'accepted', run, created: true, blockingRunIds: blocking.map((blocker) => blocker.id) }
}

/** The unfinished runs of the user, counted no further than `max`; near the limit under a lock that lasts until the commit. */
async function countUnfinished(trx: Queryable, scope: Scope, max: number | undefined): Promise<number> {
  if (max === undefined) return 0
  const count = async (): Promise<number> => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from (
        select from runs where tenant_id = ${scope.tenantId} and user_id = ${scope.userId} and finished_at is null
        limit ${max}::int) unfinished`.execute(trx)
    return rows[0]?.count ?? 0
  }
  const unlocked = await count()
  if (unlocked + EXACT_WITHIN < max) return unlocked
  await sql`select pg_advisory_xact_lock(hashtextextended(${`unfinished:${scope.tenantId}:${scope.userId}`}, 0))`.execute(
    trx,
  )
  return await count()
}

/** Runs that keep the session busy: unfinished, or ended with their end not yet in the log. */
async function listUnsettled(trx: Queryable, sessionId: string): Promise<Pick<RunRow, 'id' | 'finishedAt'>[]> {
  return await trx
    .selectFrom('runs')
    .select(['id', 'finishedAt'])
    .where('sessionId', '=', sessionId)
    .where('loggedAt', 'is', null)
    .orderBy('seq')
    .execute()
}

async function parentOf(trx: Queryable, question: Question, sessionId: string | undefined): Promise<string | null> {
  if (question.parentId === null) return null
  if (question.parentId === undefined) return sessionId === undefined ? null : await latestMessageId(trx, sessionId)
  const parent =
    sessionId === undefined
      ? undefined
      : await trx
          .selectFrom('messages')
          .select('id')
          .where('sessionId', '=', sessionId)
          .where('id', '=', question.parentId)
          .executeTakeFirst()
  if (!parent) throw new AppError('not_found', 'There is no such message in this session.')
  return parent.id
}

async function findByKey(
  db: Queryable,
  scope: Scope,
  question: Question,
  requestHash: string | null,
): Promise<AcceptResult | undefined> {
  if (question.idempotencyKey === undefined) return undefined
  const run = await db
    .selectFrom('runs')
    .selectAll()
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('idempotencyKey', '=', question.idempotencyKey)
    .executeTakeFirst()
  if (!run) return undefined
  if (run.requestHash !== requestHash) {
    throw new AppError('idempotency_conflict', 'This idempotency key was used for a different request.')
  }
  return { kind: 'accepted', run, created: false, blockingRunIds: [] }
}

/** What makes two requests the same. Not the deadline: its default may change between a request and its retry. */
function hashRequest(question: Question): string {
  const { message, sessionId = null, parentId = null, onBusy, model = null, collectionIds = null } = question
  const body = JSON.stringify([message, sessionId, parentId, onBusy, model, collectionIds])
  return createHash('sha256').update(body).digest('base64url')
}

function tooManyRuns(): AppError {
  return new AppError('too_many_runs', 'You have too many unfinished questions.', { retryAfterMs: 5000 })
}
