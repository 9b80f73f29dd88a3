import { isNoticeId } from '@askwire/cache'
import { AppError } from '@askwire/contracts'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { GatewayContext } from '../context.ts'
import { holderOf } from '../principal.ts'
import { openSse } from '../stream/sse-response.ts'
import { streamNotices } from '../stream/stream-notices.ts'
import { endQuietly } from '../stream/stream-to-response.ts'
import { after, resumeHeaders } from './resume.ts'
import { defineRoute } from './route.ts'

/** `GET /api/notices`: what changed in my sessions and jobs, so that every device of mine stays in step. */
export function noticeRoutes(app: FastifyInstance, context: GatewayContext): void {
  defineRoute(app, {
    method: 'GET',
    url: '/api/notices',
    access: 'chat.read',
    tag: 'sessions',
    summary: 'Follow what changes in my sessions and jobs (server-sent events)',
    query: z.strictObject({ after }),
    headers: resumeHeaders,
    responses: { 200: { description: 'The stream of notices.', stream: 'notices' } },
    handler: async ({ principal, query, headers: given, reply }) => {
      const from = given['last-event-id'] || query.after
      if (from && !isNoticeId(from))
        throw new AppError('invalid_event_id', 'Last-Event-ID is not an event id of this stream.')
      context.followers.requireRoom()
      reply.hijack()
      const sse = openSse(reply.raw, reply.getHeaders())
      const { userId } = principal
      const options = { userId, holder: holderOf(principal, 'chat.read'), after: from || undefined }
      if (context.draining()) sse.end()
      else await endQuietly(context, sse, { userId }, () => streamNotices(context, sse, options))
      return reply
    },
  })
}
