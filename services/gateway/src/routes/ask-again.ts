import { AppError, accepted, editMessageRequest, regenerateRequest } from '@askwire/contracts'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { continueAnswer, editQuestion, regenerateAnswer } from '../sessions/ask-again.ts'
import { idempotencyHeaders } from './idempotency-headers.ts'
import { messageParams } from './params.ts'
import { defineRoute } from './route.ts'

const MESSAGE = '/api/sessions/:sessionId/messages/:messageId'

/** Questions asked differently, answers asked for again or to go on: each makes a run, as a question of `POST /api/chat` does. */
export function askAgainRoutes(app: FastifyInstance, context: GatewayContext): void {
  const common = {
    access: 'chat.ask',
    tag: 'sessions',
    params: messageParams,
    headers: idempotencyHeaders,
    responses: { 202: { description: 'It is accepted and will be answered.', schema: accepted } },
  } as const
  const refuseWhileDraining = (): void => {
    if (context.draining()) throw new AppError('draining', 'This replica is shutting down.')
  }

  defineRoute(app, {
    ...common,
    method: 'PATCH',
    url: MESSAGE,
    summary: 'Ask a question differently: a new branch beside it, and a run',
    body: editMessageRequest,
    maxBodyBytes: context.config.ASKWIRE_MAX_BODY_BYTES,
    handler: async ({ principal, params, body, headers: { 'idempotency-key': idempotencyKey }, reply }) => {
      refuseWhileDraining()
      const asked = await editQuestion(context, principal, { ...params, idempotencyKey }, body)
      return await reply.code(202).send(asked.accepted)
    },
  })

  defineRoute(app, {
    ...common,
    method: 'POST',
    url: `${MESSAGE}/regenerate`,
    summary: 'Have a question answered once more, beside its other answers, by the same or another model',
    body: regenerateRequest,
    handler: async ({ principal, params, body, headers: { 'idempotency-key': idempotencyKey }, reply }) => {
      refuseWhileDraining()
      const asked = await regenerateAnswer(context, principal, { ...params, idempotencyKey }, body)
      return await reply.code(202).send(asked.accepted)
    },
  })

  defineRoute(app, {
    ...common,
    method: 'POST',
    url: `${MESSAGE}/continue`,
    summary: 'Ask for more below an answer',
    body: regenerateRequest,
    handler: async ({ principal, params, body, headers: { 'idempotency-key': idempotencyKey }, reply }) => {
      refuseWhileDraining()
      const asked = await continueAnswer(context, principal, { ...params, idempotencyKey }, body)
      return await reply.code(202).send(asked.accepted)
    },
  })
}
