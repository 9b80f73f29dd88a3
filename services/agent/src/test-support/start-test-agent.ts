import { createServiceTokenSigner } from '@askwire/auth'
import { type AgentRequest, newId } from '@askwire/contracts'
import type { ChatModel } from '@askwire/models'
import { createLogger, createMetrics, systemClock } from '@askwire/runtime'
import { IN_MEMORY, openStore, type Store } from '@askwire/store'
import { type Agent, createAgent } from '../agent.ts'
import { migrateCheckpoints } from '../checkpoints/schema.ts'
import type { FindPassages, FoundPassage } from '../graph/found-passage.ts'

export const SERVICE_TOKEN = 'b81c5dbb0f7a4f9b9d9a2f64e3a17c05'

/** What a worker with the secret sends. */
export const authorization = createServiceTokenSigner(SERVICE_TOKEN, Date.now).authorization

export type TestAgent = { agent: Agent; url: string; store: Store; close(): Promise<void> }

/** An agent on a free port with a database of its own, unless it is given one. */
export async function startTestAgent(options: {
  chat: ChatModel
  findPassages?: FindPassages
  store?: Store
  drainMs?: number
}): Promise<TestAgent> {
  const store = options.store ?? (await openStore({ dataDir: IN_MEMORY }))
  await migrateCheckpoints(store)
  const agent = createAgent(
    { host: '127.0.0.1', port: 0, serviceToken: SERVICE_TOKEN, drainMs: options.drainMs ?? 200 },
    {
      store,
      clock: systemClock,
      logger: createLogger({ name: 'test', level: 'silent' }),
      metrics: createMetrics('test', { process: false }),
      models: { chat: options.chat, embedder: NO_EMBEDDER },
      findPassages: options.findPassages ?? (async () => [PASSAGE]),
    },
  )
  const { url } = await agent.start()
  const close = async (): Promise<void> => {
    await agent.close()
    if (!options.store) await store.close()
  }
  return { agent, url, store, close }
}

const NO_EMBEDDER = {
  id: 'none',
  dimensions: 1,
  embed: async () => {
    throw new Error('nothing is embedded here')
  },
}

export const PASSAGE: FoundPassage = {
  resource: {
    n: 1,
    documentId: newId(),
    documentName: 'storage.md',
    chunkId: newId(),
    page: null,
    score: 0.5,
    quote: 'Deleted files are kept for 30 days.',
  },
  heading: 'Deletion',
  text: 'Deleted files are kept for 30 days.',
}

export function agentRequest(fields: Partial<AgentRequest> = {}): AgentRequest {
  return {
    schemaVersion: 1,
    runId: newId(),
    sessionId: newId(),
    attempt: 1,
    scope: { tenantId: newId(), userId: newId() },
    history: [],
    ...fields,
  }
}

export function messageParams(question: string, request: AgentRequest): Record<string, unknown> {
  return {
    message: {
      messageId: newId(),
      contextId: request.sessionId,
      role: 'ROLE_USER',
      parts: [{ text: question }, { data: request }],
    },
  }
}
