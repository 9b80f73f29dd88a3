import { QUEUES } from '@askwire/contracts'
import {
  forceEnd,
  listLostLeases,
  listOverdue,
  listReleasable,
  listUnlogged,
  listUnpublished,
  type RunRow,
  requeueLost,
  unpublishForgotten,
} from '@askwire/store'
import { closeRun } from './close-run.ts'
import type { RunDeps } from './deps.ts'
import { publishRun } from './publish-run.ts'
import { settleSession } from './settle-session.ts'

/** Rows handled of each kind in one round; the next round takes the rest. */
const BATCH = 200
/** A publish or the end of a run under way in another process is left alone this long. */
const SETTLING_MS = 5000
/** A message is out of the queue this long at the most before its worker has claimed the run. */
const FORGOTTEN_MS = 15_000

export type Reconciled = {
  forgotten: number
  published: number
  requeued: number
  expired: number
  closed: number
  released: number
}

/**
 * One round of mending what a death between two steps left: publishes the outbox, takes runs back from workers whose lease
 * ran out, expires the overdue, writes missing ends, releases waiting runs. Every step is a compare-and-set, so two rounds
 * at once do no harm; one at a time is only cheaper.
 */
export async function reconcile(deps: RunDeps, signal: AbortSignal): Promise<Reconciled> {
  const each = async (runs: readonly RunRow[], step: (run: RunRow) => Promise<boolean>): Promise<number> => {
    let done = 0
    for (const run of runs) {
      if (signal.aborted) break
      if (await step(run)) done += 1
    }
    return done
  }
  const expired = await each(await listOverdue(deps.store, { limit: BATCH }), async (run) => await expire(deps, run))
  const requeued = await each(await listLostLeases(deps.store, { limit: BATCH }), (run) => requeueLost(deps.store, run))
  const forgotten = await unpublishWhatWasForgotten(deps)
  const published = await publishAll(deps, signal)
  const closed = await each(await listUnlogged(deps.store, { limit: BATCH, olderThanMs: SETTLING_MS }), async (run) => {
    await closeRun(deps, run)
    return true
  })
  const sessions = await listReleasable(deps.store, { limit: BATCH })
  for (const sessionId of sessions) if (!signal.aborted) await settleSession(deps, sessionId)
  return { forgotten, published, requeued, expired, closed, released: sessions.length }
}

/** Only an empty queue says that published runs are not in it: while there is a backlog they may simply have to wait. */
async function unpublishWhatWasForgotten(deps: RunDeps): Promise<number> {
  const queue = await deps.broker.inspect(QUEUES.questions).catch(() => undefined)
  return queue?.messages === 0 ? await unpublishForgotten(deps.store, { olderThanMs: FORGOTTEN_MS }) : 0
}

/** Stops at the first refusal: a broker that is away is asked once a round, not once a row. */
async function publishAll(deps: RunDeps, signal: AbortSignal): Promise<number> {
  let published = 0
  for (const run of await listUnpublished(deps.store, { limit: BATCH, olderThanMs: SETTLING_MS })) {
    if (signal.aborted || !(await publishRun(deps, run))) break
    published += 1
  }
  return published
}

async function expire(deps: RunDeps, run: RunRow): Promise<boolean> {
  const error = {
    code: 'deadline_exceeded',
    message: 'The question was not answered before its deadline.',
    retryable: false,
  } as const
  const ended = await forceEnd(deps.store, { runId: run.id, status: 'expired', error })
  if (ended) await closeRun(deps, ended)
  return ended !== null
}
