import { forkRequest, sessionDetail } from '@askwire/contracts'
import { forkSession, getSession, openSession } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { sessionParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `POST /api/sessions/:sessionId/fork`: go on from a message in a session of its own. */
export function forkRoutes(app: FastifyInstance, context: GatewayContext): void {
  defineRoute(app, {
    method: 'POST',
    url: '/api/sessions/:sessionId/fork',
    creates: { sessionIn: 'id' },
    access: 'chat.ask',
    tag: 'sessions',
    summary: 'Copy the path to a message, or every branch, into a new session of mine',
    params: sessionParams,
    body: forkRequest,
    responses: { 201: { description: 'The new session.', schema: sessionDetail } },
    handler: async ({ principal, scope, params: { sessionId }, body, reply }) => {
      const owner = await openSession(context.store, scope, sessionId, 'view')
      const forkId = await forkSession(context.store, actorOf(principal), owner, { sessionId, ...body })
      context.notices.tell(principal.userId, { event: 'session.created', sessionId: forkId })
      return await reply.code(201).send(await getSession(context.store, scope, forkId))
    },
  })
}
