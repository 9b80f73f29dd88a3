import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Delivery } from '@askwire/broker'
import { type DeadLetterSummary, EXCHANGES, newId, type Page, QUEUES, type RunView } from '@askwire/contracts'
import { createMetrics, type Metrics } from '@askwire/runtime'
import { openStore, type Store } from '@askwire/store'
import { type FakeModel, serversOrSkip, startFakeModel, startTcpProxy, type TcpProxy, waitFor } from '@askwire/testing'
import { agentClientFor, createWorker, type Worker, workerSettings } from '@askwire/worker'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { ask, call, cancel, getMessages, getRun, openStream, runEnd } from '../support/client.ts'
import { fakeModels, type Stack, startStack } from '../support/stack.ts'

const servers = serversOrSkip()
const root = new URL('../..', import.meta.url).pathname

describe('questions that break what handles them', () => {
  let fake: FakeModel
  let stack: Stack
  let url: string
  const cleanups: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    fake = await startFakeModel()
    stack = await startStack(servers, { models: fakeModels(fake), workers: 0 })
    url = stack.urls[0] ?? ''
  }, 60_000)
  afterAll(async () => {
    await stack.close()
    await fake.close()
  }, 60_000)
  beforeEach(() => fake.reset())
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  }, 60_000)

  const ended = (runId: string, timeoutMs?: number): Promise<RunView> => runEnd(url, runId, timeoutMs)
  const lettersOf = async (messageId: string): Promise<DeadLetterSummary[]> =>
    (await call<Page<DeadLetterSummary>>(`${url}/api/dead-letters?limit=100`)).body.items.filter(
      (letter) => letter.messageId === messageId,
    )
  const ready = async (queue: string): Promise<number> => (await stack.deps.broker.inspect(queue)).messages
  const send = async (messageId: string, message: Record<string, unknown>): Promise<void> => {
    const body = Buffer.from(JSON.stringify(message))
    await stack.deps.broker.publish({ exchange: EXCHANGES.questions, routingKey: QUEUES.questions, messageId, body })
  }

  /** A worker of the stack with clients and settings of its own. */
  const startWorker = async (
    own: { store?: Store; settings?: Record<string, string> } = {},
  ): Promise<{ worker: Worker; metrics: Metrics }> => {
    const config = workerSettings.parse({ ASKWIRE_DRAIN_MS: '500', ...own.settings })
    const { ASKWIRE_AGENT_URL: url, ASKWIRE_SERVICE_TOKEN: serviceToken } = stack.env
    const agent = agentClientFor(config, { url, serviceToken }, stack.deps.clock)
    const metrics = createMetrics('worker', { process: false })
    const worker = createWorker(config, { ...stack.deps, store: own.store ?? stack.deps.store, metrics, agent })
    await worker.start()
    cleanups.push(async () => {
      await worker.close()
      agent.close()
    })
    return { worker, metrics }
  }

  const count = async ({ registry }: Metrics, name: string): Promise<number> =>
    (await registry.getSingleMetric(name)?.get())?.values.reduce((sum, { value }) => sum + value, 0) ?? 0

  describe('a message of a newer version', () => {
    const newer = (runId: string) => ({ schemaVersion: 2, runId, and: 'something this version does not know' })

    test('F33: outlives many rounds of an old worker, and reaches a newer one as it was sent', async () => {
      const { runId } = await heldBack()
      const { worker, metrics } = await startWorker({ settings: { ASKWIRE_PARK_MS: '10' } })
      await send(runId, newer(runId))
      // More than twice the deliveries after which the broker would call it dead.
      await waitFor(async () => (await count(metrics, 'askwire_questions_parked_total')) > 45, { what: '45 rounds' })
      await worker.close()
      expect(await ready(QUEUES.questions)).toBe(1)
      const got: Delivery[] = []
      const consumer = await stack.deps.broker.consume({
        queue: QUEUES.questions,
        prefetch: 1,
        handler: async (delivery) => {
          got.push(delivery)
          return 'ack'
        },
      })
      const delivery = await waitFor(() => got[0], { what: 'the message' })
      await consumer.close({ graceMs: 1000 })
      // What was on its way to the old worker when it stopped came back, which the broker counts.
      expect(delivery.deliveryCount).toBeLessThanOrEqual(1)
      expect(delivery).toMatchObject({
        messageId: runId,
        headers: { 'x-askwire-parked-times': expect.any(Number) },
      })
      expect(JSON.parse(delivery.body.toString())).toEqual(newer(runId))
      expect(await getRun(url, runId)).toMatchObject({ status: 'queued', attempt: 0 })
      expect([await lettersOf(runId), await ready(QUEUES.questionsDead)]).toEqual([[], 0])
      await cancel(url, runId)
    }, 60_000)

    test('goes when its run has ended; a day after it was put off first it is a dead letter, and its run is left alone', async () => {
      const [stopped, { runId }] = [await heldBack(), await heldBack()]
      await startWorker({ settings: { ASKWIRE_PARK_MS: '10' } })
      await send(stopped.runId, newer(stopped.runId))
      await cancel(url, stopped.runId)
      const body = Buffer.from(JSON.stringify(newer(runId)))
      const headers = {
        'x-askwire-parked-since': Math.floor(Date.now() / 1000) - 86_500,
        'x-askwire-parked-times': 9000,
      }
      const to = { exchange: EXCHANGES.questions, routingKey: QUEUES.questions, messageId: runId }
      await stack.deps.broker.publish({ ...to, body, headers })
      const [letter] = await waitFor(
        async () => {
          const letters = await lettersOf(runId)
          return letters.length > 0 && letters
        },
        { what: 'the letter' },
      )
      expect(letter).toMatchObject({ reason: 'newer_version', runId })
      expect(await getRun(url, runId)).toMatchObject({ status: 'queued' })
      expect(await lettersOf(stopped.runId)).toEqual([])
      await cancel(url, runId)
      for (const cleanup of cleanups.splice(0)) await cleanup()
      expect(await ready(QUEUES.questions)).toBe(0)
    }, 60_000)

    /** A run that is queued and whose own message has been taken away. */
    async function heldBack(): Promise<{ runId: string }> {
      const { runId } = await ask(url, { message: 'for a newer worker' })
      let taken = false
      const consumer = await stack.deps.broker.consume({
        queue: QUEUES.questions,
        prefetch: 1,
        handler: async ({ messageId }) => {
          taken ||= messageId === runId
          return 'ack'
        },
      })
      await waitFor(() => taken, { what: 'its message' })
      await consumer.close({ graceMs: 1000 })
      return { runId }
    }
  })

  test('F7: what fails unexpectedly is tried again with growing pauses, then a dead letter, and no worker spins', async () => {
    const { pool } = stack.deps.store
    const { runId } = await ask(url, { message: 'why?' })
    // An unforeseen fault: every claim fails, all else works.
    await pool.query('alter table messages rename column content to contents')
    cleanups.push(() => pool.query('alter table messages rename column contents to content').catch(() => {}))
    const startedAt = performance.now()
    const { metrics } = await startWorker()
    expect(await ended(runId, 60_000)).toMatchObject({ status: 'failed', error: { code: 'poison_message' } })
    // Four pauses, each at least half of 0.5, 1, 2 and 4 s.
    expect(performance.now() - startedAt).toBeGreaterThan(3700)
    expect(await count(metrics, 'askwire_deliveries_failed_total')).toBe(5)
    await waitFor(async () => (await lettersOf(runId)).length === 1, { what: 'its letter' })
    expect(await lettersOf(runId)).toMatchObject([{ reason: 'rejected', runId }])
    expect(await count(metrics, 'askwire_dead_letters_total')).toBe(1)
    await pool.query('alter table messages rename column contents to content')
    fake.behave({ count: 2 })
    expect(await ended((await ask(url, { message: 'and the next?' })).runId)).toMatchObject({ status: 'succeeded' })
  }, 60_000)

  describe('a dead letter while the database is away', () => {
    let proxy: TcpProxy
    let store: Store

    beforeEach(async () => {
      const target = new URL(stack.env.ASKWIRE_DATABASE_URL)
      proxy = await startTcpProxy({ target: { host: target.hostname, port: Number(target.port) } })
      store = await openStore({ url: proxy.url(target.href), acquireTimeoutMs: 300, statementTimeoutMs: 500 })
      cleanups.push(async () => {
        await store.close()
        await proxy.close()
      })
    })

    const away = (): void => {
      proxy.mode = 'refuse'
      proxy.reset()
    }
    const bury = async (messageId: string): Promise<void> => {
      const to = { exchange: EXCHANGES.questionsDead, routingKey: QUEUES.questionsDead, messageId }
      await stack.deps.broker.publish({ ...to, body: Buffer.from('not json') })
      await waitFor(async () => (await ready(QUEUES.questionsDead)) === 0, { what: 'the letter to be taken' })
    }

    test('waits for it', async () => {
      await startWorker({ store })
      away()
      const messageId = newId()
      await bury(messageId)
      expect(await lettersOf(messageId)).toEqual([])
      proxy.mode = 'pass'
      await waitFor(async () => (await lettersOf(messageId)).length === 1, { what: 'the letter' })
      expect(await lettersOf(messageId)).toMatchObject([{ reason: 'malformed' }])
    }, 60_000)

    test('goes back to the queue when its worker stops, and is kept by the next', async () => {
      const { worker } = await startWorker({ store })
      away()
      const messageId = newId()
      await bury(messageId)
      await worker.close()
      expect(await ready(QUEUES.questionsDead)).toBe(1)
      proxy.mode = 'pass'
      await startWorker()
      await waitFor(async () => (await lettersOf(messageId)).length === 1, { what: 'the letter' })
    }, 60_000)
  })

  test('F8: a question that kills every worker it meets fails after three, and its followers are told', async () => {
    fake.behave({ interval: 20, count: 2000 })
    const question = await ask(url, { message: 'abort' })
    const stream = await openStream(`${url}${question.eventsUrl}`)
    for (const attempt of [1, 2, 3]) {
      const child = spawnWorker()
      await waitFor(async () => (await getRun(url, question.runId)).attempt === attempt, {
        what: `attempt ${attempt}`,
        timeoutMs: 60_000,
      })
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await startWorker()
    expect(await ended(question.runId)).toMatchObject({ status: 'failed', error: { code: 'attempts_exhausted' } })
    expect((await stream.until('error')).data.error).toMatchObject({ code: 'attempts_exhausted' })
    expect((await stream.until('workflow_finished')).data).toMatchObject({ status: 'failed' })
    stream.close()
    fake.behave({ count: 2 })
    expect(await ended((await ask(url, { message: 'and the next?' })).runId)).toMatchObject({ status: 'succeeded' })
    expect(await getMessages(url, question.sessionId)).toHaveLength(1)
    expect([await ready(QUEUES.questions), await lettersOf(question.runId)]).toEqual([0, []])
  }, 90_000)

  function spawnWorker(): ChildProcess {
    const env = { ...process.env, ...stack.env, NODE_OPTIONS: '', ASKWIRE_PORT: '0', ASKWIRE_LOG_LEVEL: 'error' }
    const child = spawn(process.execPath, ['services/worker/src/main.ts'], { cwd: root, env, stdio: 'ignore' })
    cleanups.push(async () => void child.kill('SIGKILL'))
    return child
  }
})
