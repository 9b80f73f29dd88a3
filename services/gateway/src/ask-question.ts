import type { AskRequest, Scope } from '@askwire/contracts'
import { acceptQuestion, openSession } from '@askwire/store'
import type { GatewayContext } from './context.ts'
import { actorOf, type Principal, scopeOf } from './principal.ts'
import { inOwnOr } from './sessions/in-own-or.ts'
import { type AskedQuestion, asMember, howToRun, startRun } from './start-run.ts'

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
  const own = scopeOf(principal)
  const { sessionId } = ask
  const question = {
    ...howToRun(deps, principal, ask, idempotencyKey),
    facts: actorOf(principal),
    message: ask.message,
    ...(sessionId !== undefined && { sessionId }),
    ...(ask.parentId !== undefined && { parentId: ask.parentId }),
    ...(ask.collectionIds !== undefined && { collectionIds: ask.collectionIds }),
    ...(ask.attachments !== undefined && { attachments: ask.attachments }),
  }
  const accept = async (scope: Scope) => ({
    scope,
    ...(await acceptQuestion(deps.store, scope, { ...question, ...asMember(principal, scope, idempotencyKey) })),
  })
  const asked = await startRun(deps, { onBusy: ask.onBusy, trace: principal }, async () =>
    sessionId ? await inOwnOr(own, () => openSession(deps.store, own, sessionId, 'edit'), accept) : await accept(own),
  )
  if (asked.created && sessionId === undefined)
    deps.notices.tell(own.userId, { event: 'session.created', sessionId: asked.run.sessionId })
  return asked
}
