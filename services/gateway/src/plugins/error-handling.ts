import { AppError } from '@askwire/contracts'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { errorResponse, toAppError } from '../errors.ts'

/** Every failure leaves as the protocol's error; what is not expected is logged with its cause and told without it. */
export const errorHandling = fp(
  async (app: FastifyInstance) => {
    app.setErrorHandler(async (error, request, reply) => {
      const known = toAppError(error)
      if (known.code === 'internal') request.log.error({ err: known.cause ?? error }, 'request failed')
      else if (known.cause !== undefined) request.log.warn({ err: known.cause, code: known.code }, 'request refused')
      const { status, body, retryAfter } = errorResponse(known, request.id)
      if (retryAfter !== undefined) reply.header('Retry-After', String(retryAfter))
      return await reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
    })
    app.setNotFoundHandler(async (request, reply) => {
      if (!app.supportedMethods.includes(request.method)) {
        reply.header('Allow', 'DELETE, GET, HEAD, OPTIONS, PATCH, POST')
        throw new AppError('method_not_allowed', 'This address does not take that method.')
      }
      throw new AppError('not_found', 'There is nothing at this address.')
    })
  },
  { name: 'error-handling' },
)
