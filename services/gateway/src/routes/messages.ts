import { messageView, pageOf, pageQuery } from '@askwire/contracts'
import { listMessages, openSession } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { inOwnOr } from '../sessions/in-own-or.ts'
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
    handler: async ({ scope, params: { sessionId }, query }) =>
      await inOwnOr(
        scope,
        () => openSession(context.store, scope, sessionId, 'view'),
        (owner) => listMessages(context.store, owner, sessionId, query),
      ),
  })
}
