import { isTerminal } from '@askwire/contracts'
import { clock } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { IN_TURN } from './in-turn.ts'
import { latestMessageId } from './latest-message.ts'
import type { RunRow } from './run-row.ts'

export type SettleResult =
  /** It ended while it waited and has its ordinal now: the caller logs its end, marks it logged and calls again. */
  | { kind: 'ended'; run: RunRow }
  /** It is queued now: the caller publishes it. */
  | { kind: 'released'; run: RunRow }
  /** Nothing waits, or the session is still busy. */
  | { kind: 'idle' }

/**
 * Gives the run that waits first in the session its turn, when no other run has it. Takes an id, not a scope: for workers and
 * the reconciler.
 */
export async function settleNext(store: Store, sessionId: string): Promise<SettleResult> {
  return await store.db.transaction().execute(async (trx): Promise<SettleResult> => {
    // The lock that acceptQuestion takes: a run accepted as waiting at this moment is seen below, or sees us done.
    await trx.selectFrom('sessions').select('id').where('id', '=', sessionId).forNoKeyUpdate().execute()
    const next = await nextUnsettled(trx, sessionId)
    if (!next) return { kind: 'idle' }
    if (!next.parentGiven) await follow(trx, next)
    const run = await giveTurn(trx, next)
    return { kind: isTerminal(run.status) ? 'ended' : 'released', run }
  })
}

async function nextUnsettled(trx: Queryable, sessionId: string): Promise<RunRow | undefined> {
  // Runs with an ordinal first: one of them, if any, still has the turn. The row itself is locked because a cancel does
  // not take the session's lock.
  const first = await trx
    .selectFrom('runs')
    .selectAll()
    .where('sessionId', '=', sessionId)
    .where('loggedAt', 'is', null)
    .orderBy(IN_TURN)
    .limit(1)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return first && first.ordinal === null ? first : undefined
}

/** Hangs a question that named no parent below what came before it, now that this has ended. */
async function follow(trx: Queryable, run: RunRow): Promise<void> {
  const parentId = await latestMessageId(trx, run.sessionId)
  if (parentId === null || parentId === run.questionId) return
  await trx.updateTable('messages').set({ parentId }).where('id', '=', run.questionId).execute()
}

async function giveTurn(trx: Queryable, run: RunRow): Promise<RunRow> {
  const { lastOrdinal } = await trx
    .updateTable('sessions')
    .set((eb) => ({ lastOrdinal: eb('lastOrdinal', '+', 1) }))
    .where('id', '=', run.sessionId)
    .returning('lastOrdinal')
    .executeTakeFirstOrThrow()
  return await trx
    .updateTable('runs')
    .set(
      isTerminal(run.status) ? { ordinal: lastOrdinal } : { ordinal: lastOrdinal, status: 'queued', queuedAt: clock },
    )
    .where('id', '=', run.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}
