import { AppError } from '@askwire/contracts'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { changesSomething, isAllowedOrigin } from './same-origin.ts'

const EXPOSED = ['X-Request-Id', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset', 'Retry-After']

/**
 * Cross-origin rules: exactly the listed origins may use the API from a browser, with credentials; no origin is ever repeated that
 * is not in the list. Whatever its credential, a request that changes something is refused when a browser says that another page
 * sent it: the trial has no credential to miss.
 */
export const crossOrigin = fp(
  async (app: FastifyInstance, { origins }: { origins: readonly string[] }) => {
    app.addHook('onRequest', async (request, reply) => {
      if (origins.length > 0) reply.header('Vary', 'Origin')
      const { origin } = request.headers
      if (origin === undefined) return
      if (origins.includes(origin)) {
        reply.headers({
          'Access-Control-Allow-Origin': origin,
          'Access-Control-Allow-Credentials': 'true',
          'Access-Control-Expose-Headers': EXPOSED.join(', '),
        })
      }
      const isPreflight = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers
      if (!isPreflight && !changesSomething(request.method)) return
      if (isAllowedOrigin(request, origin, origins)) return
      throw new AppError('forbidden', 'Pages of this origin may not use the API.')
    })
  },
  { name: 'cross-origin', dependencies: ['security-headers'] },
)
