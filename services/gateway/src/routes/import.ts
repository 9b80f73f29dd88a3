import { Readable } from 'node:stream'
import { AppError, jobView } from '@askwire/contracts'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { jobToView } from '../sessions/job-to-view.ts'
import { receiveImport } from '../sessions/receive-import.ts'
import { defineRoute } from './route.ts'

const MEDIA_TYPES = ['application/json', 'application/zip']

/** `POST /api/import`: the file of another product's export, or of our own, as the body itself. */
export async function importRoutes(app: FastifyInstance, context: GatewayContext): Promise<void> {
  // In a room of its own: here a body is a stream, and nowhere else.
  await app.register(async (room) => {
    room.removeAllContentTypeParsers()
    room.addContentTypeParser(MEDIA_TYPES, (_request, payload, done) => done(null, payload))
    defineRoute(room, {
      method: 'POST',
      url: '/api/import',
      access: 'chat.ask',
      tag: 'jobs',
      summary:
        'Import conversations of ChatGPT, Claude, LibreChat, Open WebUI or Askwire; repeating it makes no doubles',
      upload: MEDIA_TYPES,
      maxBodyBytes: context.config.ASKWIRE_MAX_IMPORT_BYTES,
      responses: { 202: { description: 'The job that imports it.', schema: jobView } },
      handler: async ({ principal, request, reply }) => {
        await context.limits.attempt('import', { address: principal.address, account: principal.userId })
        const { body } = request
        const encoding = request.headers['content-encoding']
        if (!(body instanceof Readable) || (encoding !== undefined && encoding !== 'identity'))
          throw new AppError('unsupported_media_type', 'Send the file as application/json or application/zip.')
        const mediaType = request.headers['content-type']?.split(';')[0]?.trim() ?? ''
        const job = await receiveImport(context, principal, { body, mediaType })
        return await reply.code(202).send(jobToView(job, context.clock.now()))
      },
    })
  })
}
