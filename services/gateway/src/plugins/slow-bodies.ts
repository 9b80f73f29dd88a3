import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { answerBrokenRequest } from './error-handling.ts'

/** A body that is no file is a few fields and arrives at once. */
const BODY_TIMEOUT_MS = 30_000

/** Cuts off whoever sends a body slower than it can be, so that sockets are not held by it. Files have the server's own, longer time. */
export const slowBodies = fp(
  async (app: FastifyInstance, { timeoutMs = BODY_TIMEOUT_MS }: { timeoutMs?: number }) => {
    app.addHook('preParsing', async (request, reply) => {
      const { raw, routeOptions, headers } = request
      const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0
      if (!hasBody || routeOptions.config.isUpload) return
      const late = setTimeout(() => {
        const error = Object.assign(new Error('a body arrives too slowly'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
        if (!raw.complete && !reply.raw.writableEnded) answerBrokenRequest(error, raw.socket)
      }, timeoutMs)
      late.unref()
      raw.once('end', () => clearTimeout(late))
      raw.once('close', () => clearTimeout(late))
      // Answered without its body: what is still to come of it is the connection's affair.
      reply.raw.once('finish', () => clearTimeout(late))
    })
  },
  { name: 'slow-bodies' },
)
