import { AppError, continueTrace } from '@askwire/contracts'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Only what the page itself needs: its own scripts, styles and answers. Styles are inline because Ant Design writes them so. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "script-src-attr 'none'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** The page uses none of these. */
const PERMISSIONS_POLICY = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ')

const YEAR_SECONDS = 31_536_000
const HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'Permissions-Policy': PERMISSIONS_POLICY,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'X-Download-Options': 'noopen',
  'X-Frame-Options': 'DENY',
  'X-Permitted-Cross-Domain-Policies': 'none',
  // The filter of old browsers could be turned against a page.
  'X-XSS-Protection': '0',
  // What is meant to be kept says so itself: the files of the page.
  'Cache-Control': 'no-store',
} as const

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i
/** A name or address and a port. A path, user or space in it would be read differently by whoever builds a URL of it. */
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i

/**
 * Headers for every response, streams included. On a loopback address the Host header must be a loopback name too: a foreign page
 * whose name was pointed at this machine must not speak to a gateway that trusts who reaches it.
 */
export const securityHeaders = fp(
  async (app: FastifyInstance, options: { loopbackOnly: boolean; publicUrl: string | undefined }) => {
    const publicHttps = options.publicUrl?.toLowerCase().startsWith('https:') === true
    app.decorateRequest('traceparent', '')
    app.decorateRequest('overHttps', {
      getter() {
        return publicHttps || this.protocol === 'https'
      },
    })
    app.addHook('onRequest', async (request, reply) => {
      request.traceparent = continueTrace(request.headers.traceparent)
      reply.headers({ 'X-Request-Id': request.id, Traceparent: request.traceparent, ...HEADERS })
      if (request.overHttps) {
        reply.header('Strict-Transport-Security', `max-age=${YEAR_SECONDS}; includeSubDomains`)
      }
      const host = request.headers.host ?? ''
      if (!HOST.test(host)) throw new AppError('invalid_request', 'The Host header is not a name or address.')
      if (options.loopbackOnly && !LOOPBACK.test(host)) {
        throw new AppError('forbidden', 'This gateway answers only to its loopback name.')
      }
      // A proxy's form of a request line names a host of its own, which the Host header may contradict.
      if (!request.raw.url?.startsWith('/')) throw new AppError('invalid_request', 'The request line needs a path.')
    })
  },
  { name: 'security-headers' },
)

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether people come by https: as a trusted proxy says of this request, or as ASKWIRE_PUBLIC_URL says of all. */
    overHttps: boolean
    /** The trace it is part of: the one it came with, or its own. */
    traceparent: string
  }
}
