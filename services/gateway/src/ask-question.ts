import { type Accepted, AppError, type AskRequest } from '@askwire/contracts'
import { cancelRun, publishRun, settleSession } from '@askwire/runs'
import { acceptQuestion, countUnpublished, type RunRow, runPosition } from '@askwire/store'
import type { GatewayConfig } from './config.ts'
import type { GatewayContext } from './context.ts'
import type { GatewayDeps } from './deps.ts'
import { actorOf, type Principal, scopeOf } from './principal.ts'

/** `created`: the run was made for this request, just now, and not for an earlier one with the same key. */
export type AskedQuestion = { accepted: Accepted; run: RunRow; created: boolean }

/**
 * Accepts a question: one transaction, then the broker is told. The answer does not wait for the broker: what it did not
 * take stays in the outbox. Throws `not_found`, `session_busy`, `too_many_runs`, `idempotency_conflict`, `overloaded`.
 */
export async function askQuestion(
  deps: GatewayContext,
  principal: Principal,
  ask: AskRequest,
  idempotencyKey: string | undefined,
): Promise<AskedQuestion> {
  await refuseWhenOutboxIsFull(deps)
  const scope = scopeOf(principal)
  const outcome = await acceptQuestion(deps.store, scope, {
    message: ask.message,
    onBusy: ask.onBusy,
    facts: actorOf(principal),
    deadlineMs: ask.deadlineMs ?? deps.config.ASKWIRE_RUN_DEADLINE_MS,
    maxUnfinishedRuns: principal.limits.maxUnfinishedRuns ?? deps.config.ASKWIRE_MAX_UNFINISHED_RUNS,
    ...(ask.sessionId !== undefined && { sessionId: ask.sessionId }),
    ...(ask.parentId !== undefined && { parentId: ask.parentId }),
    ...(ask.model !== undefined && { model: ask.model }),
    ...(ask.collectionIds !== undefined && { collectionIds: ask.collectionIds }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  })
  if (outcome.kind === 'busy') {
    throw new AppError('session_busy', 'The session is still answering another question.', {
      facts: { runId: outcome.runId },
    })
  }
  const { run, created, blockingRunIds, position } = outcome
  if (created) {
    deps.events.questionAccepted(run)
    // Not waited for: the commit is the promise, and a slow broker must not slow the answer to the client.
    if (run.status === 'queued') void publishRun(deps, run, deps.notePublished)
    else void settle(deps, run)
    for (const runId of ask.onBusy === 'interrupt' ? blockingRunIds : []) await cancelRun(deps, scope, runId)
  }
  return { accepted: await acceptedView(deps, run, position, blockingRunIds.length), run, created }
}

/** The end that a waiting run waits for may have been noted while it was accepted, and without seeing it. */
async function settle(deps: GatewayContext, { id: runId, sessionId }: RunRow): Promise<void> {
  await settleSession(deps, sessionId).catch((error: unknown) => {
    deps.logger.warn({ err: error, runId, sessionId }, 'a waiting run is left to the reconciler')
  })
}

async function refuseWhenOutboxIsFull(deps: GatewayDeps & { config: GatewayConfig }): Promise<void> {
  const { publishing, blocked } = deps.broker.state()
  if (publishing && !blocked) return
  if ((await countUnpublished(deps.store)) < deps.config.ASKWIRE_OUTBOX_LIMIT) return
  throw new AppError('overloaded', 'Too many questions are waiting for the broker. Try again soon.', {
    retryAfterMs: 5000,
  })
}

/** The question is accepted whatever comes now: a position that cannot be read must not turn that into an error. */
async function acceptedView(
  deps: GatewayDeps,
  run: RunRow,
  position: number | undefined,
  ahead: number,
): Promise<Accepted> {
  return {
    sessionId: run.sessionId,
    runId: run.id,
    questionId: run.questionId,
    status: run.status,
    position: position ?? (await runPosition(deps.store, run).catch(() => ahead)),
    eventsUrl: `/api/sessions/${run.sessionId}/events`,
  }
}
