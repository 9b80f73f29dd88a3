import { feedbackRequest, feedbackStats, feedbackStatsQuery, feedbackView, type Scope } from '@askwire/contracts'
import { countFeedback, giveFeedback, openSession, takeBackFeedback } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf, requirePermission } from '../principal.ts'
import { messageParams } from './params.ts'
import { defineRoute } from './route.ts'

const FEEDBACK = '/api/sessions/:sessionId/messages/:messageId/feedback'

/** What people think of answers, and how often they think so. */
export function feedbackRoutes(app: FastifyInstance, { store, notices }: GatewayContext): void {
  const changed = ({ userId }: Scope, { sessionId, messageId }: { sessionId: string; messageId: string }): void =>
    notices.tell(userId, { event: 'session.updated', sessionId, data: { messageId } })

  defineRoute(app, {
    method: 'POST',
    url: FEEDBACK,
    access: 'chat.ask',
    tag: 'sessions',
    summary: 'Say what you think of an answer; later feedback takes the place of earlier',
    params: messageParams,
    body: feedbackRequest,
    responses: { 200: { description: 'The feedback.', schema: feedbackView } },
    handler: async ({ principal, scope, params, body }) => {
      const owner = await openSession(store, scope, params.sessionId, 'own')
      const feedback = await giveFeedback(store, owner, actorOf(principal), { ...params, ...body })
      changed(owner, params)
      return feedback
    },
  })

  defineRoute(app, {
    method: 'DELETE',
    url: FEEDBACK,
    access: 'chat.ask',
    tag: 'sessions',
    summary: 'Take feedback back',
    params: messageParams,
    responses: { 204: { description: 'There is none any more.' } },
    handler: async ({ principal, scope, params, reply }) => {
      const owner = await openSession(store, scope, params.sessionId, 'own')
      await takeBackFeedback(store, owner, actorOf(principal), params)
      changed(owner, params)
      return await reply.code(204).send()
    },
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/feedback/stats',
    access: 'chat.read',
    tag: 'sessions',
    summary: 'Counts of my feedback, or (audit.read) of the tenant’s',
    query: feedbackStatsQuery,
    responses: { 200: { description: 'Counts by reason, model and day.', schema: feedbackStats } },
    handler: async ({ principal, query: { scope, days } }) => {
      const { tenantId, userId } = principal
      if (scope === 'tenant') requirePermission(principal, 'audit.read')
      return await countFeedback(store, { tenantId, days, ...(scope === 'own' && { userId }) })
    },
  })
}
