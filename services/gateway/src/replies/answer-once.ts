import { createHash } from 'node:crypto'
import { AppError, newId, type Scope } from '@askwire/contracts'
import { systemClock } from '@askwire/runtime'
import { claimReply, giveUpReply, type KeptReply, keepReply } from '@askwire/store'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GatewayContext } from '../context.ts'

/** Keeps the reply that is about to be sent, when the request has a key. `sessionIn`: the field with the session it is about. */
export type KeepReply = (status: number, payload: unknown, sessionIn?: string) => Promise<void>

/**
 * Handles a request with an `Idempotency-Key` once: `work` for the first, the reply that one got for every later one of the same person.
 * One that fails leaves no trace. Throws `idempotency_conflict` for another request under the key, and `overloaded` when the first is
 * still under way after a while.
 */
export type AnswerOnce = (
  request: FastifyRequest,
  reply: FastifyReply,
  once: { scope: Scope; key: string; work: () => Promise<unknown> },
) => Promise<unknown>

const POLL_MS = 50
const MAX_WAIT_MS = 10_000

/** What is kept is sealed: some replies hold a token or a link that is shown once. */
export function createAnswerOnce({
  store,
  auth,
  logger,
}: Pick<GatewayContext, 'store' | 'auth' | 'logger'>): AnswerOnce {
  return async (request, reply, { scope, key, work }) => {
    const row = `${scope.tenantId} ${scope.userId} ${key}`
    const seal = (plain: Buffer | string): Buffer => auth.sealer.seal('kept-reply', row, Buffer.from(plain))
    const claim = { key, claimId: newId() }
    const digest = digestOf(request)
    const kept = await waitForTurn(() => claimReply(store, scope, { ...claim, request: seal(digest) }))
    if (kept) {
      const asked = auth.sealer.open('kept-reply', row, kept.request)
      const body = kept.reply && auth.sealer.open('kept-reply', row, kept.reply.body)
      if (!asked?.equals(digest) || !body || !kept.reply)
        throw new AppError('idempotency_conflict', 'This idempotency key was used for a different request.')
      return await reply.code(kept.reply.status).type('application/json; charset=utf-8').send(body.toString())
    }
    request.keepReply = async (status, payload, sessionIn) => {
      const sessionId = sessionIn === undefined ? null : sessionIdIn(payload, sessionIn)
      const body = seal(JSON.stringify(payload))
      // It is done, and says so whatever comes: a retry is then handled anew after a minute.
      await keepReply(store, scope, { ...claim, status, body, sessionId }).catch((error: unknown) =>
        logger.warn({ err: error }, 'a reply could not be kept for its idempotency key'),
      )
    }
    try {
      return await work()
    } catch (error) {
      request.keepReply = null
      await giveUpReply(store, scope, claim).catch(() => undefined)
      throw error
    }
  }
}

/** Claims until the key is ours, or the one who has it has replied. */
async function waitForTurn(claim: () => Promise<KeptReply | null>): Promise<KeptReply | null> {
  const until = performance.now() + MAX_WAIT_MS
  for (;;) {
    const kept = await claim()
    if (!kept || kept.reply) return kept
    if (performance.now() > until)
      throw new AppError('overloaded', 'The first request with this idempotency key is still being handled.')
    await systemClock.sleep(POLL_MS)
  }
}

function sessionIdIn(payload: unknown, field: string): string | null {
  const id =
    typeof payload === 'object' && payload !== null
      ? Object.entries(payload).find(([name]) => name === field)
      : undefined
  return typeof id?.[1] === 'string' ? id[1] : null
}

function digestOf({ method, url, body }: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest()
}
