import { inspect } from 'node:util'
import { readConfig } from '@askwire/runtime'
import { startFakeModel } from '@askwire/testing'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { createModels } from './create-models.ts'
import { checkModelsConfig, modelsConfig, modelsSecrets } from './models-config.ts'

const from = (env: Record<string, string>) =>
  createModels(readConfig(modelsConfig, env), readConfig(modelsSecrets, env))
const OPENAI = { ASKWIRE_MODEL_PROVIDER: 'openai', ASKWIRE_MODEL_BASE_URL: 'http://127.0.0.1:9/v1', ASKWIRE_MODEL: 'm' }

describe('createModels', () => {
  test('nothing set: all offline', () => {
    const { chat, embedder } = from({})
    expect([chat.name, embedder.id]).toEqual(['offline', 'offline-ngram-384'])
  })

  test('chat by a provider, embeddings offline', () => {
    const { chat, embedder } = from(OPENAI)
    expect([chat.name, embedder.id]).toEqual(['m', 'offline-ngram-384'])
  })

  test('both by a provider; chat offline with its embeddings', () => {
    const embedding = { ASKWIRE_EMBEDDING_MODEL: 'e', ASKWIRE_EMBEDDING_DIMENSIONS: '768' }
    expect(from({ ...OPENAI, ...embedding }).embedder).toMatchObject({ id: 'openai:e:768', dimensions: 768 })
    const mixed = from({ ...embedding, ASKWIRE_MODEL_BASE_URL: 'http://127.0.0.1:9/v1' })
    expect([mixed.chat.name, mixed.embedder.id]).toEqual(['offline', 'openai:e:768'])
  })

  test("every lack is named at once, by itself and in a service's schema", () => {
    const env = { ASKWIRE_MODEL_PROVIDER: 'openai', ASKWIRE_EMBEDDING_MODEL: 'e' }
    const service = z.object({ PORT: z.coerce.number(), ...modelsConfig.shape }).superRefine(checkModelsConfig)
    for (const make of [() => from(env), () => readConfig(service, { ...env, PORT: '1' })]) {
      expect(make).toThrow(/ASKWIRE_MODEL_BASE_URL.*\n.*ASKWIRE_MODEL: .*\n.*ASKWIRE_EMBEDDING_DIMENSIONS/)
    }
  })

  test('the key is sent to the provider and is in nothing one could print', async () => {
    const fake = await startFakeModel()
    try {
      const models = from({ ...OPENAI, ASKWIRE_MODEL_BASE_URL: fake.baseUrl, ASKWIRE_MODEL_API_KEY: 'sk-hidden' })
      const signal = new AbortController().signal
      for await (const _ of models.chat.stream({ messages: [], passages: [], question: '', signal })) void _
      expect(fake.requests[0]?.authorization).toBe('Bearer sk-hidden')
      expect(inspect(models, { depth: 10, showHidden: true })).not.toContain('sk-hidden')
      expect(Object.keys(modelsConfig.shape)).not.toContain('ASKWIRE_MODEL_API_KEY')
    } finally {
      await fake.close()
    }
  })
})
