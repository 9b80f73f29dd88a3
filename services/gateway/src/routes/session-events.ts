import { compareEventIds, parseEventId, requireEventId, type Scope } from '@askwire/contracts'
import { listUnfinishedRuns, newestLoggedOrdinal, openSession } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { GatewayContext } from '../context.ts'
import { holderOf } from '../principal.ts'
import { openSse } from '../stream/sse-response.ts'
import type { StreamStart } from '../stream/stream-options.ts'
import { placeOf } from '../stream/stream-place.ts'
import { streamToResponse } from '../stream/stream-to-response.ts'
import { sessionParams } from './params.ts'
import { after, resumeHeaders } from './resume.ts'
import { defineRoute } from './route.ts'

const query = z.strictObject({
  after,
  until: z
    .literal('idle')
    .optional()
    .meta({ description: 'End after the terminal event when nothing more is queued.' }),
})

/** `GET /api/sessions/:sessionId/events`: the session's stream, from any event on, on any replica. */
export function sessionEventRoutes(app: FastifyInstance, context: GatewayContext): void {
  defineRoute(app, {
    method: 'GET',
    url: '/api/sessions/:sessionId/events',
    access: 'chat.read',
    tag: 'sessions',
    summary: 'Follow a session (server-sent events)',
    params: sessionParams,
    query,
    headers: resumeHeaders,
    responses: {
      200: { description: 'The stream of answer events.', stream: true },
      204: { description: '`until=idle`: there is nothing after the given event and nothing is queued.' },
    },
    handler: async ({
      principal,
      scope: caller,
      params: { sessionId },
      query: { after: since, until },
      headers: given,
      reply,
    }) => {
      const from = given['last-event-id'] || since
      const start: StreamStart = from ? { kind: 'after', id: requireEventId(from) } : { kind: 'live' }
      const scope = await openSession(context.store, caller, sessionId, 'view')
      const untilIdle = until === 'idle'
      if (untilIdle && (await nothingLeft(context, scope, sessionId, start))) return await reply.code(204).send()
      context.followers.requireRoom()
      reply.hijack()
      const sse = openSse(reply.raw, reply.getHeaders())
      // During a drain: the retry line, then the end. A status other than 200 would stop an EventSource for good.
      if (context.draining()) sse.end()
      else
        await streamToResponse(context, scope, sse, {
          sessionId,
          holder: holderOf(principal, 'chat.read', { sessionId, ownerId: scope.userId }),
          start,
          untilIdle,
        })
      return reply
    },
  })
}

async function nothingLeft(
  context: GatewayContext,
  scope: Scope,
  sessionId: string,
  start: StreamStart,
): Promise<boolean> {
  if (start.kind !== 'after') return false
  const place = await placeOf(context, scope, sessionId, start.id)
  if (!place?.terminal || place.id.ordinal === 0) return false
  const newest = parseEventId((await context.log.lastId(sessionId).catch(() => undefined)) ?? '')
  if (newest && compareEventIds(newest, place.id) > 0) return false
  if ((await newestLoggedOrdinal(context.store, scope, sessionId)) > place.id.ordinal) return false
  return (await listUnfinishedRuns(context.store, scope, sessionId)).length === 0
}
