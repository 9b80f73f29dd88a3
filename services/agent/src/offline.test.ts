import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { AgentRequest } from '@askwire/contracts'
import { indexFolder } from '@askwire/knowledge'
import { createModels, modelsConfig } from '@askwire/models'
import { createLogger, createMetrics, systemClock } from '@askwire/runtime'
import { ensureBuiltInOwner, IN_MEMORY, listDocuments, openStore, type Store } from '@askwire/store'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Agent, createAgent } from './agent.ts'
import { migrateAgent } from './migrate-agent.ts'
import { collect, type Json, textOf } from './test-support/rpc.ts'
import { agentRequest, messageParams, SERVICE_TOKEN } from './test-support/start-test-agent.ts'

const DOCUMENTS = fileURLToPath(new URL('../test/documents', import.meta.url))
const models = createModels(modelsConfig.parse({}))

let store: Store
let agent: Agent
let url: string
beforeAll(async () => {
  store = await openStore({ dataDir: IN_MEMORY })
  await migrateAgent(store)
  const scope = await ensureBuiltInOwner(store)
  await indexFolder({ store, embedder: models.embedder }, scope, {
    folder: DOCUMENTS,
    collectionName: 'Knowledge',
    signal: AbortSignal.timeout(30_000),
  })
  const logger = createLogger({ name: 'test', level: 'silent' })
  const metrics = createMetrics('test', { process: false })
  agent = createAgent(
    { host: '127.0.0.1', port: 0, serviceToken: SERVICE_TOKEN },
    { store, clock: systemClock, logger, metrics, models },
  )
  url = (await agent.start()).url
}, 60_000)
afterAll(async () => {
  await agent?.close()
  await store?.close()
})

async function ask(question: string, fields = {}): Promise<{ text: string; resources: Json[]; outputs: Json }> {
  const scope = await ensureBuiltInOwner(store)
  const params = messageParams(question, agentRequest({ scope, ...fields }))
  const events = await collect(url, 'SendStreamingMessage', params)
  const found = events.find((event) => event.result.artifactUpdate?.artifact.artifactId === 'resources')
  const finished = events
    .map((event) => event.result.statusUpdate?.status.message?.parts[0].data)
    .filter((data) => data?.kind === 'node_finished')
  expect(events.at(-1).result.statusUpdate.status.state).toBe('TASK_STATE_COMPLETED')
  return {
    text: textOf(events),
    resources: found.result.artifactUpdate.artifact.parts[0].data.resources,
    outputs: Object.fromEntries(finished.map(({ node, outputs }) => [node, outputs])),
  }
}

test('offline, an answer cites a quote that stands in its document; a follow-up is condensed by rule', async () => {
  const { text, resources } = await ask('How long are deleted files kept?')
  const cited = [...text.matchAll(/\[(\d+)\]/g)].map(([, n]) => Number(n))
  expect(cited.length).toBeGreaterThan(0)
  const numbers = resources.map(({ n }) => n)
  expect(numbers).toEqual(expect.arrayContaining(cited))
  const first = resources.find(({ n }) => n === cited[0])
  const document = await readFile(`${DOCUMENTS}/${first.documentName}`, 'utf8')
  expect(document).toContain(first.quote)

  const history = [
    { role: 'user', content: 'How long are deleted files kept?' },
    { role: 'assistant', content: text },
  ]
  const followUp = await ask('And after that?', { history })
  expect(followUp.outputs.rewrite.question).toBe('And after that? (long deleted files kept)')
  expect(followUp.outputs.retrieve.passages).toBeGreaterThan(0)
})

test("another owner's documents are not found", async () => {
  const stranger = agentRequest().scope
  const { resources } = await ask('How long are deleted files kept?', { scope: stranger })
  expect(resources).toEqual([])
})

test('what no longer fits is summed up by rule, told as an artifact, and a later question is understood by it', async () => {
  const overflow: AgentRequest['history'] = [
    { role: 'user', content: 'How long are deleted files kept?' },
    { role: 'assistant', content: 'Thirty days. Then they are gone.' },
  ]
  const params = messageParams('And then?', agentRequest({ overflow, summary: 'Earlier.', history: overflow }))
  const events = await collect(url, 'SendStreamingMessage', params)
  const told = events.find((event) => event.result.artifactUpdate?.artifact.artifactId === 'summary')
  expect(told.result.artifactUpdate.artifact.parts[0].data).toEqual({
    content: 'Earlier.\nQ: How long are deleted files kept?\nA: Thirty days.',
    model: 'rule',
  })
  expect((await ask('And then?', { overflow, history: overflow })).outputs.summarise).toMatchObject({ messages: 2 })
})

test('only the documents a question is about are searched, from their beginning when nothing in them matches', async () => {
  const scope = await ensureBuiltInOwner(store)
  const { items } = await listDocuments(store, scope, { limit: 1 })
  const documentIds = items.map(({ id }) => id)
  const matched = await ask('How long are deleted files kept?', { documentIds })
  expect(new Set(matched.resources.map(({ documentId }) => documentId))).toEqual(new Set(documentIds))
  const whole = await ask('xyzzy plugh?', { documentIds })
  expect(whole.resources.length).toBeGreaterThan(0)
  expect((await ask('How long are deleted files kept?', { documentIds: [crypto.randomUUID()] })).resources).toEqual([])
  const stranger = agentRequest().scope
  expect((await ask('How long are deleted files kept?', { documentIds, scope: stranger })).resources).toEqual([])
})
