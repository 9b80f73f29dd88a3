import { createAmqpBroker } from '@askwire/broker'
import { createRedisEventLog, createRedisNoticeLog, createRedisRateLimiter, type RateLimiter } from '@askwire/cache'
import { topology } from '@askwire/contracts'
import { createNotices, type RunDeps } from '@askwire/runs'
import { createLogger, createMetrics, createSharedClock, type Metrics, type SharedClock } from '@askwire/runtime'
import { openStore, readClock } from '@askwire/store'
import type { readGatewayConfig } from './config.ts'

/** What a gateway is built from; the standalone process brings in-process twins of broker and log. */
export type GatewayDeps = RunDeps & { metrics: Metrics; limiter: RateLimiter }

/** A client of a database that is away or stands still is told so (503) within two seconds, whichever of the two it is. */
const ACQUIRE_TIMEOUT_MS = 1500
const STATEMENT_TIMEOUT_MS = 1400

/** Builds the clients of a gateway process. The only place that does. */
export async function openGatewayDeps(
  config: ReturnType<typeof readGatewayConfig>['config'],
): Promise<GatewayDeps & { clock: SharedClock }> {
  const logger = createLogger({ name: 'gateway', level: config.ASKWIRE_LOG_LEVEL })
  const broker = createAmqpBroker({
    url: config.ASKWIRE_RABBIT_URL,
    connectionName: config.ASKWIRE_GATEWAY_ID,
    logger,
    topology: topology({ questionQueueLength: config.ASKWIRE_QUESTION_QUEUE_LENGTH }),
  })
  const store = await openStore({
    url: config.ASKWIRE_DATABASE_URL,
    acquireTimeoutMs: ACQUIRE_TIMEOUT_MS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  })
  const clock = createSharedClock({ read: () => readClock(store), logger })
  return {
    logger,
    metrics: createMetrics('gateway'),
    store,
    clock,
    log: createRedisEventLog({ url: config.ASKWIRE_REDIS_URL, logger }),
    limiter: createRedisRateLimiter({ url: config.ASKWIRE_REDIS_URL, logger }),
    notices: createNotices({
      log: createRedisNoticeLog({ url: config.ASKWIRE_REDIS_URL, logger }),
      broker,
      clock,
      logger,
    }),
    broker,
  }
}
