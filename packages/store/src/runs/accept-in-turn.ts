import { AppError, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import { violatedUnique } from '../database-errors.ts'
import { lockSession, type SessionRow } from '../sessions.ts'
import { clock } from '../sql.ts'
import type { Queryable } from '../store.ts'
import { EXACT_WITHIN } from './accept-at-once.ts'
import type { AcceptResult, Asking } from './accept-question.ts'
import { IN_TURN } from './in-turn.ts'
import type { RunRow } from './run-row.ts'

/** Where a run is put: null for the ordinal of one that waits. */
export type Turn = { session: SessionRow | undefined; ordinal: number | null }

/**
 * Accepts a run by a transaction: finds an earlier one of the same key, the session's turn, the policy when it is busy, and the user's
 * limit; then `insert` writes it. Throws `not_found`, `idempotency_conflict`, `too_many_runs`.
 */
export async function acceptInTurn(
  trx: Queryable,
  scope: Scope,
  asking: Asking & { sessionId: string | undefined; requestHash: string | null },
  insert: (turn: Turn) => Promise<RunRow>,
): Promise<AcceptResult> {
  const { idempotencyKey, requestHash, maxUnfinishedRuns } = asking
  // Locks first, in one order everywhere: user, then session. What is read after them is what holds at the commit.
  const unfinished = await countUnfinished(trx, scope, maxUnfinishedRuns)
  const session = asking.sessionId === undefined ? undefined : await lockSession(trx, scope, asking.sessionId)
  const earlier = await findByKey(trx, scope, idempotencyKey, requestHash)
  if (earlier) return earlier
  if (session && session.deletedAt !== null) throw new AppError('not_found', 'There is no such session.')

  const unsettled = session ? await listUnsettled(trx, session.id) : []
  const blocking = unsettled.filter((run) => run.finishedAt === null)
  if (asking.onBusy === 'reject' && unsettled[0]) return { kind: 'busy', runId: (blocking[0] ?? unsettled[0]).id }
  if (maxUnfinishedRuns !== undefined && unfinished >= maxUnfinishedRuns) throw tooManyRuns()

  const run = await insert({ session, ordinal: unsettled.length > 0 ? null : (session?.lastOrdinal ?? 0) + 1 })
  const blockingRunIds = blocking.map((blocker) => blocker.id)
  if (asking.onBusy === 'interrupt') await wantStopped(trx, blockingRunIds)
  return { kind: 'accepted', run, created: true, blockingRunIds }
}

/**
 * Notes with the acceptance itself that these are to stop. The caller stops them; should it die or fail before, whichever worker has or
 * gets one reads the note and ends it.
 */
async function wantStopped(trx: Queryable, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return
  await trx
    .updateTable('runs')
    .set({ cancelRequestedAt: sql<Date>`coalesce(cancel_requested_at, ${clock})` })
    .where('id', 'in', [...runIds])
    .where('finishedAt', 'is', null)
    .execute()
}

/** `work`, or, when another request with the same key was quicker, what that one made. */
export async function orEarlier(
  work: () => Promise<AcceptResult>,
  find: () => Promise<AcceptResult | undefined>,
): Promise<AcceptResult> {
  try {
    return await work()
  } catch (error) {
    if (violatedUnique(error) !== 'runs_one_per_key') throw error
    const earlier = await find()
    if (!earlier) throw error
    return earlier
  }
}

/** The run that the same key made earlier. Throws `idempotency_conflict` when it was another request. */
export async function findByKey(
  db: Queryable,
  scope: Scope,
  key: string | undefined,
  requestHash: string | null,
): Promise<AcceptResult | undefined> {
  if (key === undefined) return undefined
  const run = await db
    .selectFrom('runs')
    .selectAll()
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('idempotencyKey', '=', key)
    .executeTakeFirst()
  if (!run) return undefined
  if (run.requestHash !== requestHash) {
    throw new AppError('idempotency_conflict', 'This idempotency key was used for a different request.')
  }
  return { kind: 'accepted', run, created: false, blockingRunIds: [] }
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
    .orderBy(IN_TURN)
    .execute()
}

function tooManyRuns(): AppError {
  return new AppError('too_many_runs', 'You have too many unfinished questions.', { retryAfterMs: 5000 })
}
