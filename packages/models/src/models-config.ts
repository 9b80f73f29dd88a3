import { z } from 'zod'

/**
 * Which models a service uses, as environment variables, to be spread into its own schema together with
 * `checkModelsConfig`. Without any of them everything is offline. The key is no part of it: see `modelsSecrets`.
 */
export const modelsConfig = z.object({
  /** `offline`: extractive answers without a model. `openai`: any OpenAI-compatible API. */
  ASKWIRE_MODEL_PROVIDER: z.enum(['offline', 'openai']).default('offline'),
  /** Base URL of the API, ending in its version: `https://host/v1`. */
  ASKWIRE_MODEL_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The chat model's name at the provider. */
  ASKWIRE_MODEL: z.string().min(1).optional(),
  /** The embedding model's name at the same provider; absent: offline embeddings. */
  ASKWIRE_EMBEDDING_MODEL: z.string().min(1).optional(),
  /** Length of that model's vectors. */
  ASKWIRE_EMBEDDING_DIMENSIONS: z.coerce.number().int().min(8).max(16_000).optional(),
})
export type ModelsConfig = z.infer<typeof modelsConfig>

/** The provider's key; absent for servers that ask for none. Kept apart so that no logger or error ever holds it. */
export const modelsSecrets = z.object({ ASKWIRE_MODEL_API_KEY: z.string().min(1).optional() })
export type ModelsSecrets = z.infer<typeof modelsSecrets>

/** What must be set together, for `superRefine` of the service's schema: each lack is a problem of its own. */
export function checkModelsConfig(config: ModelsConfig, context: z.core.$RefinementCtx): void {
  const require = (name: keyof ModelsConfig, because: string): void => {
    if (config[name] === undefined) {
      context.addIssue({ code: 'custom', path: [name], message: `is needed ${because}`, input: undefined })
    }
  }
  if (config.ASKWIRE_MODEL_PROVIDER === 'openai') {
    require('ASKWIRE_MODEL_BASE_URL', 'with ASKWIRE_MODEL_PROVIDER=openai')
    require('ASKWIRE_MODEL', 'with ASKWIRE_MODEL_PROVIDER=openai')
  }
  if (config.ASKWIRE_EMBEDDING_MODEL !== undefined) {
    if (config.ASKWIRE_MODEL_PROVIDER !== 'openai') require('ASKWIRE_MODEL_BASE_URL', 'with ASKWIRE_EMBEDDING_MODEL')
    require('ASKWIRE_EMBEDDING_DIMENSIONS', 'with ASKWIRE_EMBEDDING_MODEL')
  }
}
