import { deletedMessages, messagesQuery, messageView, pageOf } from '@askwire/contracts'
import { deleteMessage, listMessages, openSession } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { inOwnOr } from '../sessions/in-own-or.ts'
import { messageParams, sessionParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/sessions/:sessionId/messages`: the stored questions and answers. */
export function messageRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, notices } = context
  defineRoute(app, {
    method: 'GET',
    url: '/api/sessions/:sessionId/messages',
    access: 'chat.read',
    tag: 'sessions',
    summary: 'Messages of a session, newest first: all, or one branch',
    params: sessionParams,
    query: messagesQuery,
    responses: { 200: { description: 'A page of messages.', schema: pageOf(messageView) } },
    handler: async ({ scope, params: { sessionId }, query }) =>
      await inOwnOr(
        scope,
        () => openSession(store, scope, sessionId, 'view'),
        (owner) => listMessages(store, owner, sessionId, query),
      ),
  })

  defineRoute(app, {
    method: 'DELETE',
    url: '/api/sessions/:sessionId/messages/:messageId',
    access: 'chat.ask',
    tag: 'sessions',
    summary: 'Delete a message and all below it; refused while a question there is being answered',
    params: messageParams,
    responses: { 200: { description: 'How many messages are gone.', schema: deletedMessages } },
    handler: async ({ principal, scope, params }) => {
      const owner = await openSession(store, scope, params.sessionId, 'own')
      const deleted = await deleteMessage(store, owner, actorOf(principal), params)
      notices.tell(owner.userId, { event: 'session.updated', sessionId: params.sessionId })
      return { deleted }
    },
  })
}
