import { AppError } from '@askwire/contracts'
import type { FastifyInstance, HTTPMethods } from 'fastify'
import fp from 'fastify-plugin'

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'Last-Event-ID',
  'X-Api-Key',
  'X-Request-Id',
].join(', ')
const PREFLIGHT_SECONDS = 600
/** Tells these from the routes that do something. */
const ANSWERS_OTHER_METHODS = { answersOtherMethods: true }

/** Watches which methods each path takes. Registered before the routes. */
export const watchMethods = fp(
  async (app: FastifyInstance) => {
    const methods = new Map<string, Set<string>>()
    app.decorate('methodsOfPaths', methods)
    app.addHook('onRoute', ({ url, method }) => {
      const known = methods.get(url) ?? new Set<string>()
      for (const one of [method].flat()) known.add(one)
      methods.set(url, known)
    })
  },
  { name: 'watch-methods' },
)

declare module 'fastify' {
  interface FastifyContextConfig {
    answersOtherMethods?: boolean
  }
  interface FastifyInstance {
    methodsOfPaths: Map<string, Set<string>>
  }
}

/**
 * Answers every other method of a path that exists: OPTIONS with what there is, also to a preflight, and the rest with 405. Called
 * after the last route.
 */
export function answerOtherMethods(app: FastifyInstance): void {
  for (const [url, methods] of [...app.methodsOfPaths]) {
    const allow = [...new Set([...methods, 'OPTIONS'])].sort().join(', ')
    const others = app.supportedMethods.filter((method) => !methods.has(method) && method !== 'OPTIONS')
    if (!methods.has('OPTIONS')) {
      app.options(url, { config: ANSWERS_OTHER_METHODS }, async (_request, reply) => {
        reply.headers({
          Allow: allow,
          'Access-Control-Allow-Methods': allow,
          'Access-Control-Allow-Headers': ALLOWED_HEADERS,
          'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
        })
        return await reply.code(204).send()
      })
    }
    app.route({
      method: others as HTTPMethods[],
      url,
      config: ANSWERS_OTHER_METHODS,
      exposeHeadRoute: false,
      // Before the body is read and whatever its type.
      onRequest: async (_request, reply) => {
        reply.header('Allow', allow)
        throw new AppError('method_not_allowed', 'This address does not take that method.')
      },
      handler: () => undefined,
    })
  }
}
