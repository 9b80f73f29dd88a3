import { AppError } from '@askwire/contracts'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Only what the page itself needs: its own scripts, styles and answers. Styles are inline because Ant Design writes them so. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

/**
 * Headers for every response. On a loopback address the Host header must be a loopback name too: a foreign page whose name
 * was pointed at this machine must not speak to a gateway that trusts who reaches it.
 */
export const securityHeaders = fp(
  async (app: FastifyInstance, options: { loopbackOnly: boolean }) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.headers({
        'X-Request-Id': request.id,
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
        'Referrer-Policy': 'no-referrer',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Resource-Policy': 'same-origin',
        'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      })
      if (options.loopbackOnly && !LOOPBACK.test(request.headers.host ?? '')) {
        throw new AppError('forbidden', 'This gateway answers only to its loopback name.')
      }
    })
  },
  { name: 'security-headers' },
)
