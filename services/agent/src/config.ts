import { secretSetting } from '@askwire/auth'
import { checkModelsConfig, modelsConfig, modelsSecrets } from '@askwire/models'
import { LOG_LEVELS, readConfig } from '@askwire/runtime'
import { z } from 'zod'

const agentSettings = z.object({
  ASKWIRE_HOST: z.string().default('127.0.0.1'),
  ASKWIRE_PORT: z.coerce.number().int().min(0).max(65_535).default(8791),
  ASKWIRE_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** Where workers reach this agent, for its card; default: the address it listens on. */
  ASKWIRE_AGENT_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  ...modelsConfig.shape,
})
const agentSecrets = z.object({
  ASKWIRE_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** What the workers' tokens are signed by, and the one before while workers still sign with it. */
  ASKWIRE_SERVICE_TOKEN: secretSetting,
  ASKWIRE_SERVICE_TOKEN_PREVIOUS: secretSetting.optional(),
  ...modelsSecrets.shape,
})
const everything = agentSettings.extend(agentSecrets.shape).superRefine(checkModelsConfig)

export type AgentConfig = z.infer<typeof agentSettings>
/** Kept apart so that no logger or error ever holds it. */
export type AgentSecrets = z.infer<typeof agentSecrets>

/** Reads and checks the environment of an agent process. Throws `ConfigError` with every problem. */
export function readAgentConfig(env: NodeJS.ProcessEnv = process.env): { config: AgentConfig; secrets: AgentSecrets } {
  const read = readConfig(everything, env)
  return { config: agentSettings.parse(read), secrets: agentSecrets.parse(read) }
}
