import { secretSetting } from '@askwire/auth'
import { newId } from '@askwire/contracts'
import { LOG_LEVELS, readConfig } from '@askwire/runtime'
import { z } from 'zod'

const milliseconds = (fallback: number) => z.coerce.number().int().min(1).default(fallback)

/** The worker's limits and names. */
export const workerSettings = z.object({
  ASKWIRE_HOST: z.string().default('127.0.0.1'),
  /** Port of the worker's own health and metrics; 0: any free one. */
  ASKWIRE_PORT: z.coerce.number().int().min(0).max(65_535).default(8790),
  ASKWIRE_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** Names this worker's control queue and its leases; unique among workers. */
  ASKWIRE_WORKER_ID: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .default(() => `worker-${newId()}`),
  /** Questions answered at once. */
  ASKWIRE_WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(16),
  /** Attempts that a run may cost before it has failed. */
  ASKWIRE_MAX_ATTEMPTS: z.coerce.number().int().min(1).max(20).default(3),
  /** A run whose worker has not renewed its lease for this long is taken from it. */
  ASKWIRE_LEASE_MS: milliseconds(10_000),
  /** Longest a question of a newer version is put off before it is offered to the workers again. */
  ASKWIRE_PARK_MS: milliseconds(10_000),
  /** On SIGTERM, answers under way have this long to finish before they are handed back. */
  ASKWIRE_DRAIN_MS: milliseconds(25_000),
  ASKWIRE_AGENT_CONNECT_MS: milliseconds(5000),
  ASKWIRE_AGENT_IDLE_MS: milliseconds(60_000),
  /** Sessions without a title get one, and tags, after their first answer. */
  ASKWIRE_AUTO_TITLES: z.stringbool().default(true),
  /** Characters of earlier messages sent to the agent with a question. */
  ASKWIRE_HISTORY_CHARS: z.coerce.number().int().min(0).default(24_000),
})
export type WorkerConfig = z.infer<typeof workerSettings>

/** Where the worker's servers are, and the secret that it signs its tokens for the agent by. */
export const workerServers = z.object({
  ASKWIRE_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  ASKWIRE_RABBIT_URL: z.url({ protocol: /^amqps?$/ }),
  ASKWIRE_REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  ASKWIRE_AGENT_URL: z.url({ protocol: /^https?$/ }),
  ASKWIRE_SERVICE_TOKEN: secretSetting,
})

/** Reads and checks the environment of a worker process. Throws `ConfigError` with every problem. */
export function readWorkerConfig(env: NodeJS.ProcessEnv = process.env): WorkerConfig & z.infer<typeof workerServers> {
  return readConfig(workerSettings.extend(workerServers.shape), env)
}
