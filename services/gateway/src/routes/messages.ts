import { messageView, pageOf, pageQuery } from '@askwire/contracts'
import { listMessages } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { sessionParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `GET /api/sessions/:sessionId/messages`: the stored questions and answers. */
export function messageRoutes(app: FastifyInstance, context: GatewayContext): void {
  defineRoute(app, {
    method: 'GET',
    url: '/api/sessions/:sessionId/messages',
    access: 'chat.read',
    tag: 'sessions',
    summary: 'Messages of a session, newest first',
    params: sessionParams,
    query: pageQuery,
    responses: { 200: { description: 'A page of messages.', schema: pageOf(messageView) } },
    handler: async ({ scope, params, query: { limit, cursor } }) =>
      await listMessages(context.store, scope, params.sessionId, { limit, ...(cursor !== undefined && { cursor }) }),
  })
}
