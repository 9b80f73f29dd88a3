import { newId, traceIdOf } from '@askwire/contracts'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { GatewayContext } from './context.ts'
import { compression } from './plugins/compression.ts'
import { crossOrigin } from './plugins/cross-origin.ts'
import { answerBrokenRequest, answerUnroutable, errorHandling } from './plugins/error-handling.ts'
import { jsonBodies } from './plugins/json-bodies.ts'
import { answerOtherMethods, watchMethods } from './plugins/other-methods.ts'
import { rateLimits } from './plugins/rate-limits.ts'
import { securityHeaders } from './plugins/security-headers.ts'
import { slowBodies } from './plugins/slow-bodies.ts'
import { webClient } from './plugins/web-client.ts'
import type { Authenticate } from './principal.ts'
import { createAnswerOnce } from './replies/answer-once.ts'
import { accountRoutes } from './routes/account.ts'
import { administrationRoutes } from './routes/administration.ts'
import { askAgainRoutes } from './routes/ask-again.ts'
import { authRoutes } from './routes/auth.ts'
import { chatRoutes } from './routes/chat.ts'
import { deadLetterRoutes } from './routes/dead-letters.ts'
import { documentRoutes } from './routes/documents.ts'
import { eraseRoutes } from './routes/erase.ts'
import { exportRoutes } from './routes/export.ts'
import { feedbackRoutes } from './routes/feedback.ts'
import { folderRoutes } from './routes/folders.ts'
import { healthRoutes } from './routes/health.ts'
import { importRoutes } from './routes/import.ts'
import { jobRoutes } from './routes/jobs.ts'
import { loginRoutes } from './routes/logins.ts'
import { messageRoutes } from './routes/messages.ts'
import { mfaRoutes } from './routes/mfa.ts'
import { noticeRoutes } from './routes/notices.ts'
import { oidcRoutes } from './routes/oidc.ts'
import { openApiRoutes } from './routes/openapi.ts'
import { queueRoutes } from './routes/queue.ts'
import { runRoutes } from './routes/runs.ts'
import { searchRoutes } from './routes/search.ts'
import { sessionEventRoutes } from './routes/session-events.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { sharingRoutes } from './routes/sharing.ts'

/** A client may name its request; anything that is not a plain short word is replaced. */
const REQUEST_ID = /^[\w.:-]{1,100}$/
/** For a file to arrive; any other body has less, see `slowBodies`. */
const UPLOAD_TIMEOUT_MS = 30 * 60_000
/** A request's headers must be there by then, and its sockets are looked over this often. */
const HEADERS_TIMEOUT_MS = 10_000
const TIMEOUT_CHECK_MS = 2000
/** Above the idle time of common reverse proxies, so that it is they who close. */
const KEEP_ALIVE_MS = 72_000
const MAX_HEADER_BYTES = 16_384
/** Addresses that only this machine reaches. */
export const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost'])

/** The gateway's HTTP side, not yet listening. */
export async function createApp(context: GatewayContext, authenticate: Authenticate): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: context.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: context.config.ASKWIRE_MAX_BODY_BYTES,
    requestTimeout: UPLOAD_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id']
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId()
    },
    // Without a list nothing a client writes into a header changes its address, protocol or host.
    trustProxy: context.config.ASKWIRE_TRUSTED_PROXIES.length > 0 && context.config.ASKWIRE_TRUSTED_PROXIES,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerBrokenRequest,
  })
  app.decorate('authenticate', authenticate)
  app.decorate('routeSpecs', [])
  app.decorateRequest('principal', null)
  app.decorateRequest('keepReply', null)
  app.decorate('answerOnce', createAnswerOnce(context))
  await app.register(errorHandling)
  await app.register(securityHeaders, {
    loopbackOnly: LOOPBACK_HOSTS.has(context.config.ASKWIRE_HOST),
    publicUrl: context.config.ASKWIRE_PUBLIC_URL,
  })
  await app.register(crossOrigin, { origins: context.config.ASKWIRE_CORS_ORIGINS })
  await app.register(slowBodies)
  await app.register(rateLimits, context)
  await app.register(jsonBodies)
  await app.register(compression)
  await app.register(watchMethods)
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    context.events.requestAnswered({
      method: request.method,
      route,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    })
    request.log.debug(
      {
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        traceId: traceIdOf(request.traceparent),
      },
      'request',
    )
  })
  authRoutes(app, context)
  accountRoutes(app, context)
  oidcRoutes(app, context)
  mfaRoutes(app, context)
  loginRoutes(app, context)
  administrationRoutes(app, context)
  chatRoutes(app, context)
  runRoutes(app, context)
  sessionEventRoutes(app, context)
  messageRoutes(app, context)
  sessionRoutes(app, context)
  searchRoutes(app, context)
  folderRoutes(app, context)
  askAgainRoutes(app, context)
  queueRoutes(app, context)
  feedbackRoutes(app, context)
  noticeRoutes(app, context)
  sharingRoutes(app, context)
  documentRoutes(app, context)
  jobRoutes(app, context)
  exportRoutes(app, context)
  await importRoutes(app, context)
  eraseRoutes(app, context)
  deadLetterRoutes(app, context)
  healthRoutes(app, context)
  await openApiRoutes(app)
  await app.register(webClient, {})
  answerOtherMethods(app)
  return app
}
