import {
  AppError,
  bulkSessionsRequest,
  bulkSessionsResult,
  createSessionRequest,
  MAX_DRAFT_LENGTH,
  pageOf,
  sessionDetail,
  sessionsQuery,
  sessionView,
  updateSessionRequest,
} from '@askwire/contracts'
import {
  asMemberSees,
  changeSessions,
  createSession,
  getSession,
  listSessions,
  listSharedSessions,
  openWithAccess,
  updateSession,
} from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { closeSessions } from '../sessions/close-sessions.ts'
import { tellChange } from '../sessions/tell-change.ts'
import { tellMembers } from '../sessions/tell-members.ts'
import { sessionParams } from './params.ts'
import { defineRoute } from './route.ts'

/** A character of a draft takes six bytes at the most, escaped. */
const MAX_UPDATE_BYTES = 6 * MAX_DRAFT_LENGTH + 10_000

/** `/api/sessions`: find, make, change, delete and restore one's own sessions. */
export function sessionRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, notices } = context
  const one = { url: '/api/sessions/:sessionId', tag: 'sessions', params: sessionParams } as const

  defineRoute(app, {
    method: 'GET',
    url: '/api/sessions',
    access: 'chat.read',
    tag: 'sessions',
    summary: 'My sessions, those asked in last first; filtered and sorted',
    query: sessionsQuery,
    responses: { 200: { description: 'A page of sessions.', schema: pageOf(sessionView) } },
    handler: async ({ scope, query }) =>
      query.shared ? await listSharedSessions(store, scope, query) : await listSessions(store, scope, query),
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/sessions',
    creates: { sessionIn: 'id' },
    access: 'chat.ask',
    tag: 'sessions',
    summary: 'Make a session; a temporary one is in no list and is erased after an hour',
    body: createSessionRequest,
    responses: { 201: { description: 'The new session.', schema: sessionDetail } },
    handler: async ({ principal, body, reply }) => {
      const session = await createSession(store, actorOf(principal), body)
      if (!session.temporary) notices.tell(principal.userId, { event: 'session.created', sessionId: session.id })
      return await reply.code(201).send(session)
    },
  })

  defineRoute(app, {
    ...one,
    method: 'GET',
    access: 'chat.read',
    summary:
      'A session with its draft and its open branch, also one in the trash; or one that is open to me, as far as it is',
    responses: { 200: { description: 'The session.', schema: sessionDetail } },
    handler: async ({ scope, params: { sessionId } }) => {
      const own = await getSession(store, scope, sessionId).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'not_found') return undefined
        throw error
      })
      if (own) return own
      const { tenantId, ownerId, access } = await openWithAccess(store, scope, sessionId, 'view')
      return { ...asMemberSees(await getSession(store, { tenantId, userId: ownerId }, sessionId)), access }
    },
  })

  defineRoute(app, {
    ...one,
    method: 'PATCH',
    access: 'chat.ask',
    summary: 'Rename, move, tag, pin, archive; keep a draft; open a branch; mark as read',
    body: updateSessionRequest,
    maxBodyBytes: MAX_UPDATE_BYTES,
    responses: { 200: { description: 'The session as it is now.', schema: sessionDetail } },
    handler: async ({ principal, params, body }) => {
      const session = await updateSession(store, actorOf(principal), params.sessionId, body)
      tellChange(context, principal, session, body)
      return session
    },
  })

  defineRoute(app, {
    ...one,
    method: 'DELETE',
    access: 'chat.ask',
    summary: 'Into the trash, for 30 days; its stream ends at once',
    responses: { 204: { description: 'It is in the trash.' } },
    handler: async ({ principal, scope, params, reply }) => {
      const changed = await changeSessions(store, actorOf(principal), { action: 'delete', ids: [params.sessionId] })
      closeSessions(context, scope, changed)
      return await reply.code(204).send()
    },
  })

  defineRoute(app, {
    ...one,
    method: 'POST',
    url: '/api/sessions/:sessionId/restore',
    access: 'chat.ask',
    summary: 'Out of the trash again',
    responses: { 200: { description: 'The session as it is now.', schema: sessionDetail } },
    handler: async ({ principal, scope, params: { sessionId } }) => {
      await changeSessions(store, actorOf(principal), { action: 'restore', ids: [sessionId] })
      notices.tell(principal.userId, { event: 'session.created', sessionId })
      tellMembers(context, [sessionId], 'session.created')
      return await getSession(store, scope, sessionId)
    },
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/sessions/bulk',
    access: 'chat.ask',
    tag: 'sessions',
    summary: 'One change to many sessions: all or none',
    body: bulkSessionsRequest,
    responses: { 200: { description: 'How many were changed.', schema: bulkSessionsResult } },
    handler: async ({ principal, scope, body }) => {
      const changed = await changeSessions(store, actorOf(principal), body)
      if (body.action === 'delete') closeSessions(context, scope, changed)
      else {
        const event = body.action === 'restore' ? 'session.created' : 'session.updated'
        for (const sessionId of changed.ids) notices.tell(principal.userId, { event, sessionId })
        if (body.action === 'restore') tellMembers(context, changed.ids, event)
      }
      return { changed: changed.ids.length }
    },
  })
}
