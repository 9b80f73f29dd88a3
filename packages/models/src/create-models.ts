import { readConfig } from '@askwire/runtime'
import { checkModelsConfig, type ModelsConfig, type ModelsSecrets, modelsConfig } from './models-config.ts'
import { createOfflineChatModel } from './offline/offline-chat-model.ts'
import { createOfflineEmbedder } from './offline/offline-embedder.ts'
import { createOpenAiChatModel } from './openai/openai-chat-model.ts'
import { createOpenAiEmbedder } from './openai/openai-embedder.ts'
import type { ChatModel, Embedder } from './ports.ts'

export type Models = { chat: ChatModel; embedder: Embedder }

const checkedConfig = modelsConfig.superRefine(checkModelsConfig)

/**
 * The chat model and the embedder a configuration names; either may be offline without the other. Asks no provider.
 * Throws `ConfigError` when something that must be set together is not.
 */
export function createModels(config: ModelsConfig, secrets: ModelsSecrets = {}): Models {
  const { ASKWIRE_EMBEDDING_DIMENSIONS: dimensions, ...names } = config
  const checked = readConfig(checkedConfig, { ...names, ASKWIRE_EMBEDDING_DIMENSIONS: dimensions?.toString() })
  const baseUrl = checked.ASKWIRE_MODEL_BASE_URL ?? ''
  const provider = { baseUrl, ...(secrets.ASKWIRE_MODEL_API_KEY ? { apiKey: secrets.ASKWIRE_MODEL_API_KEY } : {}) }
  const model = checked.ASKWIRE_MODEL
  const embedding = checked.ASKWIRE_EMBEDDING_MODEL
  return {
    chat:
      checked.ASKWIRE_MODEL_PROVIDER === 'openai' && model
        ? createOpenAiChatModel({ ...provider, model })
        : createOfflineChatModel(),
    embedder:
      embedding && dimensions
        ? createOpenAiEmbedder({ ...provider, model: embedding, dimensions })
        : createOfflineEmbedder(),
  }
}
