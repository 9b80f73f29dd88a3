import { errorBody, openShareRequest, type SharedSnapshot, sessionDetail, sharedSnapshot } from '@askwire/contracts'
import { copySnapshot, getSession } from '@askwire/store'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { openShare } from '../sessions/open-share.ts'
import { sharedParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/shared/:key`: a snapshot as whoever has its key sees it, and a copy of it for oneself. */
export function sharedRoutes(app: FastifyInstance, context: GatewayContext): void {
  const page = { url: '/api/shared/:key', tag: 'shares', params: sharedParams } as const
  const responses = {
    200: { description: 'The snapshot.', schema: sharedSnapshot },
    403: { description: '`password_required`: it opens with its password.', schema: errorBody },
  }

  defineRoute(app, {
    ...page,
    method: 'GET',
    access: 'public',
    summary: 'A shared snapshot',
    responses,
    handler: async ({ params: { key }, request, reply }) => {
      keepFromRobots(reply)
      return shown(await openShare(context, { key, password: undefined, address: request.ip }))
    },
  })

  defineRoute(app, {
    ...page,
    method: 'POST',
    access: 'public',
    summary: 'A shared snapshot that opens with a password',
    body: openShareRequest,
    responses,
    handler: async ({ params: { key }, body: { password }, request, reply }) => {
      keepFromRobots(reply)
      return shown(await openShare(context, { key, password, address: request.ip }))
    },
  })

  defineRoute(app, {
    ...page,
    method: 'POST',
    url: '/api/shared/:key/copy',
    creates: { sessionIn: 'id' },
    access: 'chat.ask',
    summary: 'Copy a shared snapshot into a session of my own',
    body: openShareRequest,
    responses: {
      201: { description: 'The new session.', schema: sessionDetail },
      403: { description: '`password_required`: it opens with its password.', schema: errorBody },
    },
    handler: async ({ principal, scope, params: { key }, body: { password }, request, reply }) => {
      keepFromRobots(reply)
      const snapshot = await openShare(context, { key, password, address: request.ip })
      const sessionId = await copySnapshot(context.store, actorOf(principal), snapshot)
      context.notices.tell(principal.userId, { event: 'session.created', sessionId })
      return await reply.code(201).send(await getSession(context.store, scope, sessionId))
    },
  })
}

/** Set before anything can fail, so that refusals have it too. */
function keepFromRobots(reply: FastifyReply): void {
  void reply.headers({ 'x-robots-tag': 'noindex, nofollow', 'cache-control': 'no-store' })
}

/** Field by field: nothing that the stored snapshot might ever hold beside these gets out. */
function shown({ title, sharedAt, messages }: SharedSnapshot): SharedSnapshot {
  return {
    title,
    sharedAt,
    messages: messages.map(({ role, content, createdAt }) => ({ role, content, createdAt })),
  }
}
