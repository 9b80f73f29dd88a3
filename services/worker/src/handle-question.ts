import type { Delivery, HandlerResult } from '@askwire/broker'
import { readTrace, type Trace } from '@askwire/contracts'
import { closeRun } from '@askwire/runs'
import { backoffMs, systemClock } from '@askwire/runtime'
import { type ClaimResult, claimRun, findRun } from '@askwire/store'
import type { AttemptDeps } from './attempt-deps.ts'
import { RENEW_MS } from './lease-keeper.ts'
import { parkQuestion } from './park-question.ts'
import { readQuestion } from './read-question.ts'
import { runAttempt } from './run-attempt.ts'
import { isAway, whileUnavailable } from './while-unavailable.ts'

const RETRY_BACKOFF = { firstMs: 500, maxMs: 10_000 }
/** Unexpected failures of one delivery before it goes to the dead letters: with their back-off, some ten seconds. */
const MAX_FAILURES = 5

/**
 * What to do with one delivery of `question_queue`. The row decides, not the message: a run that has ended is acknowledged
 * without work, one that lives elsewhere is left to its worker, and anything that is not a question goes to the dead letters.
 * What fails unexpectedly is tried again here, later each time, since the broker would bring it back at once.
 */
export async function handleQuestion(
  deps: AttemptDeps,
  delivery: Delivery,
  { signal: gone }: { signal: AbortSignal },
): Promise<HandlerResult> {
  const message = readQuestion(delivery)
  if (message.kind === 'malformed') {
    deps.events.deliveryRefused('malformed', { messageId: delivery.messageId })
    return 'drop'
  }
  const { runId } = message
  if (message.kind === 'newer') return await parkQuestion(deps, delivery, { runId, gone })
  for (let attempt = 1, failures = 0; ; attempt++) {
    try {
      const outcome = await answer(
        deps,
        message.runId,
        delivery.redelivered || attempt > 1,
        readTrace(delivery.headers),
      )
      if (outcome !== 'retry') return outcome
    } catch (error) {
      if (isAway(error)) {
        deps.logger.warn({ err: error, runId, attempt }, 'the database is away: a question waits for it')
      } else {
        failures += 1
        deps.events.deliveryFailed(error, { runId: message.runId, failures })
        if (failures >= MAX_FAILURES) return 'drop'
      }
    }
    const over = AbortSignal.any([deps.stopping, gone])
    await systemClock.sleep(backoffMs(attempt, RETRY_BACKOFF), over).catch(() => {})
    if (over.aborted) return 'requeue'
  }
}

async function answer(
  deps: AttemptDeps,
  runId: string,
  redelivered: boolean,
  trace: Trace | undefined,
): Promise<HandlerResult | 'retry'> {
  const claim = await claimOrLeave(deps, runId, redelivered)
  switch (claim.kind) {
    case 'claimed': {
      const outcome = await runAttempt(deps, claim.run, trace)
      if (outcome === 'retry') return 'retry'
      return outcome === 'handed_back' ? 'requeue' : 'ack'
    }
    case 'ended':
    case 'exhausted':
    case 'overdue':
      await closeRun(deps, claim.run)
      return 'ack'
    case 'held':
    case 'waiting':
    case 'missing':
      return 'ack'
    default:
      return claim satisfies never
  }
}

/**
 * Claims a run. One that is running elsewhere is taken over only if its worker no longer renews the lease: after a restart of
 * the broker every delivery comes back, while the workers and their answers are well. A run left to its worker is not lost
 * with this delivery: should the worker die later, the reconciler queues it again.
 */
async function claimOrLeave(deps: AttemptDeps, runId: string, redelivered: boolean): Promise<ClaimResult> {
  const { ASKWIRE_WORKER_ID: workerId, ASKWIRE_LEASE_MS: leaseMs, ASKWIRE_MAX_ATTEMPTS: maxTries } = deps.config
  const claim = (takeOver: boolean): Promise<ClaimResult> =>
    whileUnavailable(deps, 'claim a run', () =>
      claimRun(deps.store, { runId, workerId, leaseMs, redelivered: takeOver, maxTries }),
    )
  const first = await claim(false)
  if (first.kind !== 'held' || !redelivered) return first
  const before = await findRun(deps.store, runId)
  await systemClock.sleep(3 * RENEW_MS, deps.stopping).catch(() => {})
  const after = await findRun(deps.store, runId)
  const alive = before?.leaseUntil?.getTime() !== after?.leaseUntil?.getTime()
  return alive ? await claim(false) : await claim(true)
}
