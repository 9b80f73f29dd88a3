import { checkHealth, type HealthCheck } from '@askwire/runtime'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { GatewayContext } from '../context.ts'
import { VERSION } from '../version.ts'
import { defineRoute } from './route.ts'

const dependency = z.object({
  name: z.string(),
  ok: z.boolean(),
  required: z.boolean(),
  latencyMs: z.number(),
  detail: z.string().optional(),
})
const readiness = z.object({ status: z.enum(['ready', 'not_ready', 'draining']), dependencies: z.array(dependency) })

/** Health for orchestrators, and metrics for Prometheus. */
export function healthRoutes(app: FastifyInstance, context: GatewayContext): void {
  /** Only the database is needed to accept a question and to read: without broker or log the gateway still does its part. */
  const checks: HealthCheck[] = [
    { name: 'database', required: true, check: () => context.store.ping() },
    { name: 'broker', required: false, check: () => context.broker.ping() },
    { name: 'event_log', required: false, check: () => context.log.ping() },
  ]
  const route = { method: 'GET', access: 'public', tag: 'health' } as const

  defineRoute(app, {
    ...route,
    url: '/health/live',
    summary: 'The process answers',
    responses: { 200: { description: 'Alive.', schema: z.object({ status: z.literal('live') }) } },
    handler: async () => ({ status: 'live' }),
  })

  defineRoute(app, {
    ...route,
    url: '/health/ready',
    summary: 'Each dependency with its state',
    responses: {
      200: { description: 'Ready.', schema: readiness },
      503: { description: 'Not ready, or draining.', schema: readiness },
    },
    handler: async ({ reply }) => {
      const { ok, dependencies } = await checkHealth(checks)
      const status = context.draining() ? 'draining' : ok ? 'ready' : 'not_ready'
      return await reply.code(status === 'ready' ? 200 : 503).send({ status, dependencies })
    },
  })

  defineRoute(app, {
    ...route,
    url: '/health',
    summary: 'Summary',
    responses: {
      200: {
        description: 'Version, time up, streams held.',
        schema: z.object({
          status: z.literal('ok'),
          version: z.string(),
          uptimeSeconds: z.number(),
          followers: z.int(),
        }),
      },
    },
    handler: async () => ({
      status: 'ok',
      version: VERSION,
      uptimeSeconds: Math.round(process.uptime()),
      followers: context.followers.size(),
    }),
  })

  defineRoute(app, {
    ...route,
    url: '/metrics',
    summary: 'Metrics for Prometheus',
    responses: { 200: { description: 'Prometheus text format.', contentType: 'text/plain' } },
    handler: async ({ reply }) =>
      await reply.type(context.metrics.registry.contentType).send(await context.metrics.registry.metrics()),
  })
}
