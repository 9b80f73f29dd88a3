import { A2A_VERSION_HEADER, AGENT_CARD_PATH, AgentCard } from '@a2a-js/sdk'
import { A2A_ERROR_CODE, toJsonRpcError } from '@a2a-js/sdk/errors'
import { JsonRpcTransportHandler, validateVersion } from '@a2a-js/sdk/server'
import { type CredentialKind, credentialKind, type ServiceTokenCheck } from '@askwire/auth'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { callContext, openedSubscription } from './call-context.ts'
import type { TaskRequestHandler } from './request-handler.ts'
import { rpcErrorBody, toRpcError } from './rpc-errors.ts'
import { createStreamEncoder } from './stream-encoder.ts'
import { writeStream } from './write-stream.ts'

export type A2aOptions = {
  handler: TaskRequestHandler
  card: () => AgentCard
  isServiceToken: ServiceTokenCheck
  refused: (kind: CredentialKind, requestId: string, address: string) => void
}

const rpcRequest = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.int(), z.null()]).optional(),
  method: z.string().min(1),
})

/** The card, public, and JSON-RPC behind the service token (A2A 1.0 §9), on the SDK's transport handler. */
export function a2aRoutes(app: FastifyInstance, { handler, card, isServiceToken, refused }: A2aOptions): void {
  const transport = new JsonRpcTransportHandler(handler)
  app.get(`/${AGENT_CARD_PATH}`, () => AgentCard.toJSON(card()))

  app.route({
    method: 'POST',
    url: '/a2a',
    // Before the body is read: a stranger's body costs nothing.
    onRequest: async (request, reply) => {
      const { authorization } = request.headers
      if (await isServiceToken(authorization)) return
      refused(credentialKind(authorization), request.id, request.ip)
      return await reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'unauthenticated' })
    },
    errorHandler: (error, _request, reply) => {
      const status = error.statusCode ?? 500
      const code = status < 500 ? A2A_ERROR_CODE.PARSE_ERROR : A2A_ERROR_CODE.INTERNAL_ERROR
      const message = BODY_ERRORS[status] ?? 'Internal error'
      return reply
        .code(status === 400 ? 200 : status)
        .type('application/json')
        .send(rpcErrorBody(code, message))
    },
    handler: (request, reply) => answerRpc(transport, card, request, reply),
  })
}

const BODY_ERRORS: Record<number, string> = {
  400: 'Parse error',
  413: 'The body is too large',
  415: 'The body must be application/json',
}

/** Without a reason of its own, each abort makes an error with a stack that no one reads. */
const LEFT = new Error('the caller has left')

async function answerRpc(
  transport: JsonRpcTransportHandler,
  card: () => AgentCard,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const envelope = rpcRequest.safeParse(request.body)
  if (!envelope.success)
    return reply.type('application/json').send(rpcErrorBody(A2A_ERROR_CODE.INVALID_REQUEST, 'Invalid request'))
  const id = envelope.data.id ?? null
  const left = new AbortController()
  reply.raw.once('close', () => left.abort(LEFT))
  const context = callContext(versionOf(request), left.signal)
  try {
    validateVersion(context.requestedVersion, card(), 'JSONRPC')
    const answer = await transport.handle(envelope.data, context)
    const subscription = openedSubscription(context)
    if (!subscription) return answer
    reply.hijack()
    await writeStream(reply.raw, subscription, createStreamEncoder(id, subscription.ids), left.signal)
    return reply
  } catch (error) {
    return { jsonrpc: '2.0', id, error: toJsonRpcError(toRpcError(error)) }
  }
}

function versionOf(request: FastifyRequest): string | undefined {
  const header = request.headers[A2A_VERSION_HEADER.toLowerCase()]
  return typeof header === 'string' && header !== '' ? header : undefined
}
