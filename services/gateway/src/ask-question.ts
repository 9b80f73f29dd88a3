import { type Accepted, AppError, type AskRequest, type Scope } from '@askwire/contracts'
import { cancelRun, publishRun, settleSession } from '@askwire/runs'
import { acceptQuestion, countUnpublished, openSession, type RunRow, runPosition } from '@askwire/store'
import type { GatewayConfig } from './config.ts'
import type { GatewayContext } from './context.ts'
import type { GatewayDeps } from './deps.ts'
import { actorOf, type Principal, scopeOf } from './principal.ts'
import { inOwnOr } from './sessions/in-own-or.ts'

/**
 * `created`: the run was made for this request, just now, and not for an earlier one with the same key. `scope`: of the session's owner, who may be
 * a colleague.
 */
export type AskedQuestion = { accepted: Accepted; run: RunRow; created: boolean; scope: Scope }

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
  const own = scopeOf(principal)
  const { sessionId } = ask
  const question = {
    message: ask.message,
    onBusy: ask.onBusy,
    facts: actorOf(principal),
    deadlineMs: ask.deadlineMs ?? deps.config.ASKWIRE_RUN_DEADLINE_MS,
    maxUnfinishedRuns: principal.limits.maxUnfinishedRuns ?? deps.config.ASKWIRE_MAX_UNFINISHED_RUNS,
    ...(sessionId !== undefined && { sessionId }),
    ...(ask.parentId !== undefined && { parentId: ask.parentId }),
    ...(ask.model !== undefined && { model: ask.model }),
    ...(ask.collectionIds !== undefined && { collectionIds: ask.collectionIds }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  }
  const accept = async (scope: Scope) => ({
    scope,
    ...(await acceptQuestion(deps.store, scope, { ...question, ...asMember(principal, scope, idempotencyKey) })),
  })
  const outcome = sessionId
    ? await inOwnOr(own, () => openSession(deps.store, own, sessionId, 'edit'), accept)
    : await accept(own)
  if (outcome.kind === 'busy') {
    throw new AppError('session_busy', 'The session is still answering another question.', {
      facts: { runId: outcome.runId },
    })
  }
  const { run, created, blockingRunIds, position, scope } = outcome
  if (created) {
    deps.events.questionAccepted(run)
    // Not waited for: the commit is the promise, and a slow broker must not slow the answer to the client.
    if (run.status === 'queued') void publishRun(deps, run, deps.notePublished)
    else void settle(deps, run)
    for (const runId of ask.onBusy === 'interrupt' ? blockingRunIds : []) await cancelRun(deps, scope, runId)
  }
  return { accepted: await acceptedView(deps, run, position, blockingRunIds.length), run, created, scope }
}

/** In a colleague's session a question names who asked, and keys of theirs are apart from the owner's. */
function asMember(
  { userId }: Principal,
  owner: Scope,
  key: string | undefined,
): { authorId?: string; idempotencyKey?: string } {
  if (owner.userId === userId) return {}
  return { authorId: userId, ...(key !== undefined && { idempotencyKey: `${userId}:${key}` }) }
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
