import { createMemoryRateLimiter, type RateLimiter, type Taken } from '@askwire/cache'
import { AppError } from '@askwire/contracts'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import type { GatewayConfig } from '../config.ts'
import type { GatewayEvents } from '../events.ts'
import { addressKey } from '../limits/address-key.ts'

const MINUTE_MS = 60_000

/**
 * Routes that are not counted: what watches the process, and the files of the page. Every other route is, also one that is not
 * there. A test compares this list with the routes there are.
 */
const NOT_COUNTED = [
  /^\/health(\/live|\/ready)?$/,
  /^\/metrics$/,
  /^\/$/,
  /^\/c\/:sessionId$/,
  /^\/(index\.html|icon\.svg|assets\/[^/]+)$/,
  /^\/api\/docs\/assets\/\*$/,
]

/** True for a route whose requests are not counted. */
export const isNotCounted = (route: string | undefined): boolean =>
  route !== undefined && NOT_COUNTED.some((pattern) => pattern.test(route))

export type RateLimitsOptions = { config: GatewayConfig; events: GatewayEvents; limiter: RateLimiter }

/**
 * Requests a minute. Each address has a share of this replica, counted in the process before anything else is done: it costs no
 * other server. Each person has one of the whole installation, counted once it is known who asks and before the body is read.
 */
export const rateLimits = fp(
  async (app: FastifyInstance, { config, events, limiter }: RateLimitsOptions) => {
    const addresses = createMemoryRateLimiter()
    const perAddress = config.ASKWIRE_ADDRESS_REQUESTS_PER_MINUTE

    const spend = (reply: FastifyReply, limit: number, taken: Taken, kind: string): void => {
      reply.headers({
        'X-RateLimit-Limit': String(limit),
        'X-RateLimit-Remaining': String(taken.remaining),
        'X-RateLimit-Reset': String(Math.ceil(taken.resetMs / 1000)),
      })
      if (taken.allowed) return
      events.rateLimited(kind)
      throw new AppError('rate_limited', 'Too many requests. Wait before the next one.', {
        retryAfterMs: taken.retryAfterMs,
      })
    }

    app.addHook('onRequest', async (request, reply) => {
      if (isNotCounted(request.routeOptions.url)) return
      const taken = await addresses.take(addressKey(request.ip), { limit: perAddress, windowMs: MINUTE_MS })
      spend(reply, perAddress, taken, 'address')
    })
    // After every onRequest hook, so the caller is known; before the body is read.
    app.addHook('preParsing', async (request, reply) => {
      const { principal } = request
      if (!principal) return
      const limit = principal.limits.requestsPerMinute ?? config.ASKWIRE_REQUESTS_PER_MINUTE
      const taken = await limiter.take(`person:${principal.userId}`, { limit, windowMs: MINUTE_MS })
      spend(reply, limit, taken, 'person')
    })
    app.addHook('onClose', async () => await addresses.close())
  },
  { name: 'rate-limits' },
)
