import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gatewaySecrets, gatewaySettings } from '@askwire/gateway'
import { checkModelsConfig, type ModelsConfig, modelsConfig, modelsSecrets } from '@askwire/models'
import { ConfigError, readConfig, readConfigParts } from '@askwire/runtime'
import { workerSettings } from '@askwire/worker'
import { z } from 'zod'

export const USAGE = `Askwire: ask questions over your own documents.

  npm start -- [options]

  --port <number>      port of the page and the API (default 8787, or ASKWIRE_PORT)
  --host <address>     address to listen on (default 127.0.0.1, or ASKWIRE_HOST)
  --data-dir <folder>  where everything is kept (default .askwire, or ASKWIRE_DATA_DIR)
  --knowledge <folder> Markdown and text files to answer from (default: the docs of Askwire, or KNOWLEDGE_DIR)
  --help               this text
`

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

const everySetting = gatewaySettings.extend(workerSettings.shape).extend({
  ASKWIRE_PORT: gatewaySettings.shape.ASKWIRE_PORT,
  ASKWIRE_LOG_LEVEL: gatewaySettings.shape.ASKWIRE_LOG_LEVEL.unwrap().default('warn'),
  ASKWIRE_DATA_DIR: z
    .string()
    .default('.askwire')
    .transform((path) => resolve(ROOT, path)),
  KNOWLEDGE_DIR: z
    .string()
    .default('docs')
    .transform((path) => resolve(ROOT, path)),
  ASKWIRE_MAIL_OUTBOX: z.string().optional(),
})
const standaloneSettings = everySetting.transform((settings) => ({
  ...settings,
  ASKWIRE_MAIL_OUTBOX: settings.ASKWIRE_MAIL_OUTBOX ?? join(settings.ASKWIRE_DATA_DIR, 'outbox'),
}))
export type StandaloneConfig = z.infer<typeof standaloneSettings> & ModelsConfig

const standaloneSecrets = modelsSecrets.extend(gatewaySecrets.shape).extend({
  /** Without one it makes its own, and keeps it in its data folder. */
  ASKWIRE_AUTH_SECRET: gatewaySecrets.shape.ASKWIRE_AUTH_SECRET.optional(),
})
export type StandaloneSecrets = z.infer<typeof standaloneSecrets>

/** Reads the secrets, kept apart from the configuration so that nothing that logs it can hold them. */
export function readStandaloneSecrets(env: NodeJS.ProcessEnv = process.env): StandaloneSecrets {
  return readConfig(standaloneSecrets, env)
}

/** Reads the command line over the environment. `'help'` when help is asked for. Throws `ConfigError` with every problem. */
export function readStandaloneConfig(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): StandaloneConfig | 'help' {
  const flags = readFlags(argv)
  if (flags.help) return 'help'
  const [settings, models] = readConfigParts([standaloneSettings, modelsConfig.superRefine(checkModelsConfig)], {
    ...env,
    ...(flags.port !== undefined && { ASKWIRE_PORT: flags.port }),
    ...(flags.host !== undefined && { ASKWIRE_HOST: flags.host }),
    ...(flags['data-dir'] !== undefined && { ASKWIRE_DATA_DIR: flags['data-dir'] }),
    ...(flags.knowledge !== undefined && { KNOWLEDGE_DIR: flags.knowledge }),
  })
  return { ...settings, ...models }
}

function readFlags(argv: readonly string[]) {
  try {
    const text = { type: 'string' } as const
    return parseArgs({
      args: [...argv],
      options: { port: text, host: text, 'data-dir': text, knowledge: text, help: { type: 'boolean' } },
    }).values
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)])
  }
}
