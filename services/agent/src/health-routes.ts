import { checkHealth, type HealthCheck, type Metrics } from '@askwire/runtime'
import type { FastifyInstance } from 'fastify'

export type HealthOptions = { checks: readonly HealthCheck[]; metrics: Metrics; draining: () => boolean }

/** `/health/live`, `/health/ready` (503 when a required dependency is away, or while draining) and `/metrics`. */
export function healthRoutes(app: FastifyInstance, { checks, metrics, draining }: HealthOptions): void {
  app.get('/health/live', () => ({ status: 'live' }))

  app.get('/health/ready', async (_request, reply) => {
    const { ok, dependencies } = await checkHealth(checks)
    const status = draining() ? 'draining' : ok ? 'ready' : 'not_ready'
    return await reply.code(status === 'ready' ? 200 : 503).send({ status, dependencies })
  })

  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}
