import { createServiceTokenSigner } from '@askwire/auth'
import { createAmqpBroker } from '@askwire/broker'
import { createRedisEventLog, createRedisNoticeLog } from '@askwire/cache'
import { topology } from '@askwire/contracts'
import { createNotices, type RunDeps } from '@askwire/runs'
import {
  type Clock,
  createLogger,
  createMetrics,
  createSharedClock,
  type Metrics,
  type SharedClock,
} from '@askwire/runtime'
import { openStore, readClock } from '@askwire/store'
import { type AgentClient, createAgentClient } from './a2a/agent-client.ts'
import type { readWorkerConfig, WorkerConfig } from './config.ts'

/** What a worker is built from; the standalone process brings in-process twins of broker and log. */
export type WorkerDeps = RunDeps & { metrics: Metrics; agent: AgentClient }

/** The A2A client as the worker's settings want it. */
export function agentClientFor(
  config: WorkerConfig,
  agent: { url: string; serviceToken: string },
  clock: Clock,
): AgentClient {
  return createAgentClient({
    url: agent.url,
    authorization: createServiceTokenSigner(agent.serviceToken, clock.now).authorization,
    connectMs: config.ASKWIRE_AGENT_CONNECT_MS,
    idleMs: config.ASKWIRE_AGENT_IDLE_MS,
  })
}

/** Builds the clients of a worker process. The only place that does. */
export async function openWorkerDeps(
  config: ReturnType<typeof readWorkerConfig>,
): Promise<WorkerDeps & { clock: SharedClock }> {
  const logger = createLogger({ name: 'worker', level: config.ASKWIRE_LOG_LEVEL })
  const broker = createAmqpBroker({
    url: config.ASKWIRE_RABBIT_URL,
    connectionName: config.ASKWIRE_WORKER_ID,
    logger,
    topology: topology(),
  })
  const store = await openStore({ url: config.ASKWIRE_DATABASE_URL })
  const clock = createSharedClock({ read: () => readClock(store), logger })
  return {
    logger,
    metrics: createMetrics('worker'),
    store,
    clock,
    log: createRedisEventLog({ url: config.ASKWIRE_REDIS_URL, logger }),
    notices: createNotices({
      log: createRedisNoticeLog({ url: config.ASKWIRE_REDIS_URL, logger }),
      broker,
      clock,
      logger,
    }),
    broker,
    agent: agentClientFor(config, { url: config.ASKWIRE_AGENT_URL, serviceToken: config.ASKWIRE_SERVICE_TOKEN }, clock),
  }
}
