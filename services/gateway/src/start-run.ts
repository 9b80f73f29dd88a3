import { type Accepted, AppError, type AskRequest, type Scope, type Trace } from '@askwire/contracts'
import { cancelRun, publishRun, settleSession } from '@askwire/runs'
import { type AcceptResult, type Asking, countUnpublished, type RunRow, runPosition } from '@askwire/store'
import type { GatewayConfig } from './config.ts'
import type { GatewayContext } from './context.ts'
import type { GatewayDeps } from './deps.ts'
import type { Principal } from './principal.ts'

/**
 * `created`: the run was made for this request, just now, and not for an earlier one with the same key. `scope`: of the session's owner, who may be
 * a colleague.
 */
export type AskedQuestion = { accepted: Accepted; run: RunRow; created: boolean; scope: Scope }

/** How a request wants its run, with the caller's limits. */
export function howToRun(
  { config }: Pick<GatewayContext, 'config'>,
  { limits }: Principal,
  how: Pick<AskRequest, 'onBusy' | 'model' | 'deadlineMs'>,
  idempotencyKey: string | undefined,
): Asking {
  return {
    onBusy: how.onBusy,
    deadlineMs: how.deadlineMs ?? config.ASKWIRE_RUN_DEADLINE_MS,
    maxUnfinishedRuns: limits.maxUnfinishedRuns ?? config.ASKWIRE_MAX_UNFINISHED_RUNS,
    ...(how.model !== undefined && { model: how.model }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  }
}

/** In a colleague's session a question names who asked, and keys of theirs are apart from the owner's. */
export function asMember(
  { userId }: Principal,
  owner: Scope,
  key: string | undefined,
): { authorId?: string; idempotencyKey?: string } {
  if (owner.userId === userId) return {}
  return { authorId: userId, ...(key !== undefined && { idempotencyKey: `${userId}:${key}` }) }
}

/**
 * Has a run accepted, then tells the broker. The answer does not wait for the broker: what it did not take stays in the outbox. Throws
 * what `accept` does, `session_busy` and `overloaded`.
 */
export async function startRun(
  deps: GatewayContext,
  { onBusy, trace }: { onBusy: AskRequest['onBusy']; trace: Trace },
  accept: () => Promise<AcceptResult & { scope: Scope }>,
): Promise<AskedQuestion> {
  await refuseWhenOutboxIsFull(deps)
  const outcome = await accept()
  if (outcome.kind === 'busy') {
    throw new AppError('session_busy', 'The session is still answering another question.', {
      facts: { runId: outcome.runId },
    })
  }
  const { run, created, blockingRunIds, position, scope } = outcome
  if (created) {
    deps.events.questionAccepted(run, trace)
    // Not waited for: the commit is the promise, and a slow broker must not slow the answer to the client.
    if (run.status === 'queued') void publishRun(deps, run, deps.notePublished, trace)
    else {
      void settle(deps, run)
      // Its stream says nothing of it yet; one that is answered is heard of there.
      deps.notices.tell(scope.userId, { event: 'session.updated', sessionId: run.sessionId })
    }
    if (onBusy === 'interrupt') await stopAll(deps, scope, blockingRunIds)
  }
  return { accepted: await acceptedView(deps, run, position, blockingRunIds.length), run, created, scope }
}

/**
 * Stops what a question interrupts. It is accepted whatever comes of that: the rows say since its commit that they are to stop, so what
 * is not stopped here ends with the worker that has it, or as soon as one gets it.
 */
async function stopAll(deps: GatewayContext, scope: Scope, runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) {
    try {
      await cancelRun(deps, scope, runId)
    } catch (error) {
      deps.logger.warn({ err: error, runId }, 'an interrupted run is left to its worker')
      return
    }
  }
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
