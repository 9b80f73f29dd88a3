import { createServer, type ServerResponse } from 'node:http'
import { checkHealth, type HealthCheck } from './health.ts'
import type { Metrics } from './metrics.ts'

export type HealthServer = {
  /** From now on `/health/ready` says 503. */
  drain(): void
  close(): Promise<void>
}

/** Health and metrics over HTTP for a process that serves nothing else: `/health/live`, `/health/ready`, `/metrics`. */
export async function startHealthServer(options: {
  host: string
  port: number
  metrics: Metrics
  checks: readonly HealthCheck[]
}): Promise<HealthServer> {
  let draining = false
  const answer = async (path: string | undefined, response: ServerResponse): Promise<void> => {
    const send = (status: number, type: string, body: string): void =>
      void response.writeHead(status, { 'Content-Type': type }).end(body)
    switch (path) {
      case '/health/live':
        return send(200, 'application/json', '{"status":"live"}')
      case '/health/ready': {
        const { ok, dependencies } = await checkHealth(options.checks)
        const status = draining ? 'draining' : ok ? 'ready' : 'not_ready'
        return send(status === 'ready' ? 200 : 503, 'application/json', JSON.stringify({ status, dependencies }))
      }
      case '/metrics':
        return send(200, options.metrics.registry.contentType, await options.metrics.registry.metrics())
      default:
        return send(404, 'text/plain', 'not found\n')
    }
  }
  const server = createServer((request, response) => {
    answer(request.url, response).catch(() => response.writeHead(500).end())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return {
    drain: () => {
      draining = true
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
