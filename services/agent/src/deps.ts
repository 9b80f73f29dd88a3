import { createModels, type Models } from '@askwire/models'
import { createLogger, createMetrics, type Logger, type Metrics } from '@askwire/runtime'
import { openStore, type Store } from '@askwire/store'
import type { AgentConfig, AgentSecrets } from './config.ts'
import type { FindPassages } from './graph/found-passage.ts'

/** What an agent is built from; the standalone process shares its own. */
export type AgentDeps = {
  store: Store
  logger: Logger
  metrics: Metrics
  models: Models
  /** Default: the store's documents, searched with the embedder. */
  findPassages?: FindPassages
}

/** Builds the clients of an agent process. The only place that does. */
export async function openAgentDeps(config: AgentConfig, secrets: AgentSecrets): Promise<AgentDeps> {
  return {
    logger: createLogger({ name: 'agent', level: config.ASKWIRE_LOG_LEVEL }),
    metrics: createMetrics('agent'),
    store: await openStore({ url: secrets.ASKWIRE_DATABASE_URL }),
    models: createModels(config, secrets),
  }
}
