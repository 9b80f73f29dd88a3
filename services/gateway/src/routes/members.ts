import { memberList, memberRequest, memberView } from '@askwire/contracts'
import { addMember, leaveSession, listMembers, removeMember } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { sessionMemberParams, sessionParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/sessions/:sessionId/members`: who of my team may see or continue a session of mine; and leaving one of a colleague's. */
export function memberRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, notices } = context
  const route = { url: '/api/sessions/:sessionId/members', tag: 'sessions' } as const

  defineRoute(app, {
    ...route,
    method: 'GET',
    access: 'chat.read',
    summary: 'Who else may see or continue a session of mine',
    params: sessionParams,
    responses: { 200: { description: 'Its members.', schema: memberList } },
    handler: async ({ scope, params: { sessionId } }) => ({ items: await listMembers(store, scope, sessionId) }),
  })

  defineRoute(app, {
    ...route,
    method: 'POST',
    access: 'chat.ask',
    summary: 'Open a session of mine to somebody of my team, or change what they may',
    params: sessionParams,
    body: memberRequest,
    responses: { 201: { description: 'The member.', schema: memberView } },
    handler: async ({ principal, params: { sessionId }, body, reply }) => {
      const { tenantId, userId: ownerId, address } = principal
      if ('email' in body) await context.limits.attempt('member', { address, account: ownerId })
      const member = await addMember(store, actorOf(principal), sessionId, body)
      // Who could edit and may only view now has streams that are to end.
      context.principals.changed({ tenantId, userId: member.userId })
      for (const userId of [member.userId, ownerId]) notices.tell(userId, { event: 'session.updated', sessionId })
      return await reply.code(201).send(member)
    },
  })

  defineRoute(app, {
    ...route,
    url: '/api/sessions/:sessionId/members/:userId',
    method: 'DELETE',
    access: 'chat.ask',
    summary: 'Close a session of mine to somebody; their open streams of it end at once',
    params: sessionMemberParams,
    responses: { 204: { description: 'They see it no more.' } },
    handler: async ({ principal, params: { sessionId, userId }, reply }) => {
      await removeMember(store, actorOf(principal), sessionId, userId)
      context.principals.changed({ tenantId: principal.tenantId, userId })
      notices.tell(userId, { event: 'session.deleted', sessionId })
      notices.tell(principal.userId, { event: 'session.updated', sessionId })
      return await reply.code(204).send()
    },
  })
  defineRoute(app, {
    ...route,
    url: '/api/sessions/:sessionId/leave',
    method: 'POST',
    // Whoever it was opened to may, also a reader who may ask nothing. It is about the person: a token can not do it.
    access: 'account.manage',
    summary: 'Leave a session that a colleague has opened to me; my open streams of it end at once',
    params: sessionParams,
    responses: { 204: { description: 'I see it no more.' } },
    handler: async ({ principal, params: { sessionId }, reply }) => {
      const owner = await leaveSession(store, actorOf(principal), sessionId)
      const { tenantId, userId } = principal
      context.principals.changed({ tenantId, userId })
      notices.tell(userId, { event: 'session.deleted', sessionId })
      notices.tell(owner.userId, { event: 'session.updated', sessionId })
      return await reply.code(204).send()
    },
  })
}
