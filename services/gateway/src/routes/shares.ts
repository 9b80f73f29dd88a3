import { randomBytes } from 'node:crypto'
import { hashSecret } from '@askwire/auth'
import { createdShare, pageOf, pageQuery, shareRequest, shareView } from '@askwire/contracts'
import { createShare, deleteShares, listShares } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { cleanForShare } from '../sessions/clean-for-share.ts'
import { sessionParams, shareParams } from './params.ts'
import { defineRoute } from './route.ts'

const KEY_BYTES = 16

/** `/api/shares` and `/api/sessions/:sessionId/share`: snapshots of my own sessions that anybody with their key can read. */
export function shareRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, notices } = context

  defineRoute(app, {
    method: 'POST',
    url: '/api/sessions/:sessionId/share',
    creates: { sessionIn: 'sessionId' },
    access: 'chat.ask',
    tag: 'shares',
    summary: 'Share a snapshot of one branch of a session of mine; its address is shown once',
    params: sessionParams,
    body: shareRequest,
    responses: { 201: { description: 'The share with its address.', schema: createdShare } },
    handler: async ({ principal, params: { sessionId }, body, reply }) => {
      const key = randomBytes(KEY_BYTES).toString('base64url')
      const publicUrl = context.publicUrl()
      const { host } = new URL(publicUrl === '' ? 'http://localhost' : publicUrl)
      const share = await createShare(store, actorOf(principal), {
        sessionId,
        ...(body.leafId !== undefined && { leafId: body.leafId }),
        ...(body.expiresInDays !== undefined && { expiresInDays: body.expiresInDays }),
        keyHash: hashSecret(key),
        passwordHash: body.password === undefined ? null : await context.auth.passwords.hash(body.password),
        clean: (content) => cleanForShare(content, host),
      })
      notices.tell(principal.userId, { event: 'session.updated', sessionId })
      return await reply.code(201).send({ ...share, url: `${publicUrl}/s/${key}` })
    },
  })

  defineRoute(app, {
    method: 'DELETE',
    url: '/api/sessions/:sessionId/share',
    access: 'chat.ask',
    tag: 'shares',
    summary: 'Revoke every share of a session of mine',
    params: sessionParams,
    responses: { 204: { description: 'Nothing of it is shared any more.' } },
    handler: async ({ principal, params: { sessionId }, reply }) => {
      await deleteShares(store, actorOf(principal), { sessionId })
      notices.tell(principal.userId, { event: 'session.updated', sessionId })
      return await reply.code(204).send()
    },
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/shares',
    access: 'chat.read',
    tag: 'shares',
    summary: 'My shares, newest first, without their keys',
    query: pageQuery,
    responses: { 200: { description: 'A page of shares.', schema: pageOf(shareView) } },
    handler: async ({ scope, query }) => await listShares(store, scope, query),
  })

  defineRoute(app, {
    method: 'DELETE',
    url: '/api/shares/:shareId',
    access: 'chat.ask',
    tag: 'shares',
    summary: 'Revoke one of my shares',
    params: shareParams,
    responses: { 204: { description: 'Its key opens nothing any more.' } },
    handler: async ({ principal, params: { shareId }, reply }) => {
      const sessionId = await deleteShares(store, actorOf(principal), { shareId })
      notices.tell(principal.userId, { event: 'session.updated', sessionId })
      return await reply.code(204).send()
    },
  })
}
