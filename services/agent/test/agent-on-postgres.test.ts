import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { newId } from '@askwire/contracts'
import { ensureBuiltInOwner, openStore, type Store } from '@askwire/store'
import { createDatabase, type FakeModel, serversOrSkip, startFakeModel, waitFor } from '@askwire/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { RunCheckpoints } from '../src/checkpoints/run-checkpoints.ts'
import { migrateCheckpoints } from '../src/checkpoints/schema.ts'
import { migrateAgent } from '../src/migrate-agent.ts'
import { collect, type Json, stream, textOf } from '../src/test-support/rpc.ts'
import { agentRequest, messageParams, SERVICE_TOKEN } from '../src/test-support/start-test-agent.ts'

const servers = serversOrSkip()
/** No stall of a busy machine comes near it. */
const PATIENT = { acquireTimeoutMs: 20_000, statementTimeoutMs: 20_000 }
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const DOCS = fileURLToPath(new URL('documents', import.meta.url))

let database: Awaited<ReturnType<typeof createDatabase>>
let store: Store
let fake: FakeModel
const children: ChildProcess[] = []

beforeAll(async () => {
  database = await createDatabase(servers)
  store = await openStore({ url: database.url, ...PATIENT })
  fake = await startFakeModel()
  await run('--migrate', '--index', DOCS)
}, 60_000)
afterAll(async () => {
  await store?.close()
  await fake?.close()
  await database?.drop()
})
beforeEach(() => fake.reset())
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function start(...args: string[]): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    ASKWIRE_DATABASE_URL: database.url,
    ASKWIRE_SERVICE_TOKEN: SERVICE_TOKEN,
    ASKWIRE_PORT: '0',
    ASKWIRE_MODEL_PROVIDER: 'openai',
    ASKWIRE_MODEL_BASE_URL: fake.baseUrl,
    ASKWIRE_MODEL: 'fake',
  }
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

async function run(...args: string[]): Promise<void> {
  const child = start(...args)
  child.stdout?.resume()
  const code = await new Promise((resolve) => child.once('exit', resolve))
  expect(code).toBe(0)
}

/** Starts an agent process; resolves with its address when it listens. */
async function listen(): Promise<{ url: string; child: ChildProcess }> {
  const child = start()
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  const url = await waitFor(() => /"url":"(http[^"]+)"/.exec(output)?.[1], { what: 'the agent', timeoutMs: 60_000 })
  return { url, child }
}

const dataOf = (event: Json): Json => event.result.statusUpdate?.status.message?.parts[0].data
const nodesOf = (events: Json[]): string[] =>
  events
    .map(dataOf)
    .filter((data) => data?.kind === 'node_finished')
    .map(({ node }) => node)
const resourcesOf = (events: Json[]): Json =>
  events.find((event) => event.result.artifactUpdate?.artifact.artifactId === 'resources')?.result.artifactUpdate
    .artifact.parts[0].data.resources

async function countCheckpoints(runId: string): Promise<number> {
  const { rowCount } = await store.pool.query('select 1 from langgraph.checkpoints where thread_id = $1', [runId])
  return rowCount ?? 0
}

/** A run of its own and what puts a state of it, as LangGraph does after retrieval. */
function runWithState(checkpoints: RunCheckpoints) {
  const runId = newId()
  const config = { configurable: { thread_id: runId } }
  const put = async (found: string): Promise<void> => {
    const head = { v: 4, id: newId(), ts: '', channel_versions: { found: 1 }, versions_seen: {} }
    await checkpoints.put(config, { ...head, channel_values: { found } }, { source: 'loop', step: 2, parents: {} })
  }
  return { runId, config, put }
}

describe('the agent on PostgreSQL', () => {
  test('an attempt whose agent was killed is resumed by another agent after its last finished node', async () => {
    const scope = await ensureBuiltInOwner(store)
    const history = [{ role: 'user' as const, content: 'What is Nimbus?' }]
    const request = agentRequest({ scope, history })
    const first = await listen()
    fake.behave({ count: 1, text: 'How long are deleted files kept in Nimbus?' })
    const seen: Json[] = []
    const lost = stream(first.url, 'SendStreamingMessage', messageParams('For how long?', request))
    while (nodesOf(seen).length < 2) {
      seen.push((await lost.next()).value)
      // The question is condensed; the answer will be long.
      if (nodesOf(seen).length === 1) fake.behave({ count: 1000, interval: 20 })
    }
    while (textOf(seen) === '') seen.push((await lost.next()).value)
    await waitFor(() => countCheckpoints(request.runId), { what: 'the checkpoint' })
    first.child.kill('SIGKILL')
    await expect(Array.fromAsync(lost)).rejects.toThrow()
    expect(resourcesOf(seen)[0]).toMatchObject({ n: 1, quote: expect.stringContaining('30 days') })

    const asked = fake.requests.length
    fake.behave({ count: 4 })
    const second = await listen()
    const params = messageParams('For how long?', { ...request, attempt: 2 })
    const events = await collect(second.url, 'SendStreamingMessage', params)
    expect(nodesOf(events)).toEqual(['respond'])
    expect(resourcesOf(events)).toEqual(resourcesOf(seen))
    expect(textOf(events)).toBe('word '.repeat(4))
    // One request more: the answer. The question was not condensed again.
    expect(fake.requests).toHaveLength(asked + 1)
    expect(fake.requests.at(-1)?.messages[0]?.content).toContain('30 days')
    await waitFor(async () => (await countCheckpoints(request.runId)) === 0, { what: 'no checkpoint left' })
  }, 60_000)

  test('any number of processes migrate at once; one connection is enough', async () => {
    const fresh = await createDatabase(servers)
    const stores = await Promise.all(
      [1, 1, 2, 2].map((max) => openStore({ url: fresh.url, maxConnections: max, ...PATIENT })),
    )
    try {
      await Promise.all([...stores, ...stores].map((one) => migrateCheckpoints(one)))
      await Promise.all(stores.map((one) => migrateAgent(one)))
      const { rows } = await stores[0]!.pool.query('select max(v) as v from langgraph.checkpoint_migrations')
      expect(rows[0].v).toBeGreaterThan(0)
    } finally {
      await Promise.all(stores.map((one) => one.close()))
      await fresh.drop()
    }
  }, 60_000)

  test('checkpoints of old runs are swept, others stay', async () => {
    const failures: unknown[] = []
    const checkpoints = new RunCheckpoints(store, (error) => failures.push(error))
    const { config, put } = runWithState(checkpoints)
    await put('[]')
    // Reading writes what is not written yet.
    expect((await checkpoints.getTuple(config))?.checkpoint.channel_values).toEqual({ found: '[]' })
    await checkpoints.deleteOld(Date.now(), 60_000)
    expect((await checkpoints.getTuple(config))?.checkpoint.channel_values).toEqual({ found: '[]' })
    await checkpoints.deleteOld(Date.now() + 120_000, 60_000)
    expect(await checkpoints.getTuple(config)).toBeUndefined()
    expect(failures).toEqual([])
  })

  test('a run that ends soon writes no checkpoint; a longer one writes its newest, once, and leaves none', async () => {
    const statements: string[] = []
    const query = (text: string, values: unknown[]) => {
      statements.push(text.trim().startsWith('with blobs') ? 'write' : 'delete')
      return store.pool.query(text, values)
    }
    const pool = Object.assign(Object.create(store.pool), { query })
    const checkpoints = new RunCheckpoints({ pool }, (error) => expect(error).toBeUndefined(), 50)
    const soon = runWithState(checkpoints)
    await soon.put('[]')
    await checkpoints.deleteThread(soon.runId)
    const late = runWithState(checkpoints)
    await late.put('["early"]')
    await late.put('["newest"]')
    await waitFor(() => countCheckpoints(late.runId), { what: 'the checkpoint' })
    expect(statements).toEqual(['write'])
    expect(await countCheckpoints(soon.runId)).toBe(0)
    // As another agent finds it, which then deletes what it did not write.
    const other = new RunCheckpoints(store, (error) => expect(error).toBeUndefined())
    expect((await other.getTuple(late.config))?.checkpoint.channel_values).toEqual({ found: '["newest"]' })
    await other.deleteThread(late.runId)
    expect(await countCheckpoints(late.runId)).toBe(0)
  })

  test('refuses to start without a service token, naming every problem and no value', async () => {
    const env = { PATH: process.env.PATH, ASKWIRE_SERVICE_TOKEN: 'too-short-canary', ASKWIRE_PORT: 'x' }
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(1)
    for (const name of ['ASKWIRE_SERVICE_TOKEN', 'ASKWIRE_DATABASE_URL', 'ASKWIRE_PORT']) expect(said).toContain(name)
    expect(said).not.toContain('canary')
  }, 30_000)
})
