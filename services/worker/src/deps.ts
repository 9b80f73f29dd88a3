import { createServiceTokenSigner } from '@askwire/auth'
import { createAmqpBroker } from '@askwire/broker'
import { createRedisEventLog, createRedisNoticeLog } from '@askwire/cache'
import { topology } from '@askwire/contracts'
import { createNotices, type RunDeps } from '@askwire/runs'
import { createLogger, createMetrics, type Metrics } from '@askwire/runtime'
import { openStore } from '@askwire/store'
import { type AgentClient, createAgentClient } from './a2a/agent-client.ts'
import type { readWorkerConfig, WorkerConfig } from './config.ts'

/** What a worker is built from; the standalone process brings in-process twins of broker and log. */
export type WorkerDeps = RunDeps & { metrics: Metrics; agent: AgentClient }

/** The A2A client as the worker's settings want it. */
export function agentClientFor(config: WorkerConfig, agent: { url: string; serviceToken: string }): AgentClient {
  return createAgentClient({
    url: agent.url,
    authorization: createServiceTokenSigner(agent.serviceToken).authorization,
    connectMs: config.ASKWIRE_AGENT_CONNECT_MS,
    idleMs: config.ASKWIRE_AGENT_IDLE_MS,
  })
}

/** Builds the clients of a worker process. The only place that does. */
export async function openWorkerDeps(config: ReturnType<typeof readWorkerConfig>): Promise<WorkerDeps> {
  const logger = createLogger({ name: 'worker', level: config.ASKWIRE_LOG_LEVEL })
  const broker = createAmqpBroker({
    url: config.ASKWIRE_RABBIT_URL,
    connectionName: config.ASKWIRE_WORKER_ID,
    logger,
    topology: topology(),
  })
  return {
    logger,
    metrics: createMetrics('worker'),
    store: await openStore({ url: config.ASKWIRE_DATABASE_URL }),
    log: createRedisEventLog({ url: config.ASKWIRE_REDIS_URL, logger }),
    notices: createNotices({
      log: createRedisNoticeLog({ url: config.ASKWIRE_REDIS_URL, logger }),
      broker,
      logger,
    }),
    broker,
    agent: agentClientFor(config, { url: config.ASKWIRE_AGENT_URL, serviceToken: config.ASKWIRE_SERVICE_TOKEN }),
  }
}
