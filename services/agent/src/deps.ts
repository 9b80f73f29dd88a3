import { createModels, type Models } from '@askwire/models'
import {
  type Clock,
  createLogger,
  createMetrics,
  createSharedClock,
  type Logger,
  type Metrics,
  type SharedClock,
} from '@askwire/runtime'
import { openStore, readClock, type Store } from '@askwire/store'
import type { AgentConfig, AgentSecrets } from './config.ts'
import type { FindPassages } from './graph/found-passage.ts'

/** What an agent is built from; the standalone process shares its own. */
export type AgentDeps = {
  store: Store
  /** The one that all processes have in common. */
  clock: Clock
  logger: Logger
  metrics: Metrics
  models: Models
  /** Default: the store's documents, searched with the embedder. */
  findPassages?: FindPassages
}

/** Builds the clients of an agent process. The only place that does. */
export async function openAgentDeps(
  config: AgentConfig,
  secrets: AgentSecrets,
): Promise<AgentDeps & { clock: SharedClock }> {
  const logger = createLogger({ name: 'agent', level: config.ASKWIRE_LOG_LEVEL })
  const store = await openStore({ url: secrets.ASKWIRE_DATABASE_URL })
  return {
    logger,
    metrics: createMetrics('agent'),
    store,
    clock: createSharedClock({ read: () => readClock(store), logger }),
    models: createModels(config, secrets),
  }
}
