import { createVhost, type OwnSpace, serversOrSkip, startTcpProxy, type TcpProxy, waitFor } from '@askwire/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createGate, createRecorder, message } from './contract-kit.ts'
import { type Bench, createBench, hasConsumers, publishSurely } from './faults-kit.ts'

const servers = serversOrSkip()
let space: OwnSpace
let proxy: TcpProxy
let near: Bench
let watcher: ReturnType<Bench['open']>['broker']

beforeAll(async () => {
  space = await createVhost(servers)
  const { hostname, port } = new URL(space.url)
  proxy = await startTcpProxy({ target: { host: hostname, port: Number(port) } })
})
afterAll(async () => {
  await proxy?.close()
  await space?.drop()
})
beforeEach(async () => {
  near = createBench(proxy.url(space.url))
  watcher = near.open({ url: space.url }).broker
  await watcher.start()
})
afterEach(async () => {
  proxy.mode = 'pass'
  await near.close()
}, 20_000)

describe('amqp: the network fails', () => {
  test('F14, F15: a silent partition is noticed; after it everything is back, under locked names too', async () => {
    const { broker } = near.open({ heartbeatSeconds: 1, publishTimeoutMs: 500, connectTimeoutMs: 1000 })
    await broker.start()
    const frames: string[] = []
    let gaps = 0
    const answers = await broker.openAnswerQueue({
      gatewayId: 'cut',
      onFrames: (_sessionId, text) => frames.push(text),
      onGap: () => {
        gaps += 1
      },
    })
    await answers.bind('s1')
    const gate = createGate()
    let aborted = false
    const recorder = createRecorder()
    await broker.consume({
      queue: near.work,
      prefetch: 1,
      handler: async (delivery, { signal }) => {
        await recorder.handler(delivery)
        if (delivery.deliveryCount > 0) return 'ack'
        signal.addEventListener('abort', () => {
          aborted = true
        })
        await gate.opened
        return 'drop'
      },
    })
    await watcher.publish(message(near.work, 'held'))
    await waitFor(() => recorder.got.length === 1, { what: 'the delivery' })

    await waitFor(() => broker.state().publishing && broker.state().consuming, { what: 'both connections' })
    proxy.mode = 'blackhole'
    await expect(broker.publish(message(near.small, 'a'))).rejects.toMatchObject({ code: 'broker_timeout' })
    await waitFor(() => aborted, { what: 'the handler to be told' })
    await waitFor(() => !broker.state().publishing && !broker.state().consuming, { what: 'the loss to be seen' })
    await expect(broker.publish(message(near.small, 'a'))).rejects.toMatchObject({ code: 'broker_unavailable' })

    proxy.mode = 'pass'
    await publishSurely(broker, near.small, 'a')
    gate.open()
    await waitFor(() => recorder.got.length === 2, { what: 'the redelivery' })
    await hasConsumers(watcher, near.work, 1)
    expect((await watcher.inspect(near.dead)).messages).toBe(0)
    await waitFor(() => gaps > 0, { what: 'the gap to be told' })
    await watcher.sendAnswers('s1', 'after')
    await waitFor(() => frames.length === 1, { what: 'the frames' })
  }, 40_000)

  test('an answer queue whose old name is still locked comes back under another at once', async () => {
    const { broker } = near.open()
    await broker.start()
    const frames: string[] = []
    const listen = (on: typeof broker) =>
      on.openAnswerQueue({ gatewayId: 'locked', onFrames: (_id, text) => frames.push(text), onGap: () => {} })
    const holder = await listen(watcher)
    const answers = await listen(broker)
    await answers.bind('s1')
    await watcher.sendAnswers('s1', 'heard')
    await waitFor(() => frames.length === 1, { what: 'the frames' })
    expect(await broker.inspect('answer_queue.locked.1')).toEqual({ messages: 0, consumers: 1 })
    await holder.close()
  }, 20_000)

  test('resets under load: nothing confirmed is lost, and one consumer is left', async () => {
    const { broker, count } = near.open()
    await broker.start()
    const seen = new Set<string | undefined>()
    const consumer = await broker.consume({
      queue: near.work,
      prefetch: 3,
      handler: async ({ messageId }) => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        seen.add(messageId)
        return 'ack'
      },
    })
    const ids = Array.from({ length: 200 }, (_, index) => `m${index}`)
    const published = Promise.all(ids.map((id) => publishSurely(broker, near.work, id)))
    for (const at of [20, 60, 100, 140]) {
      // All three connections are there to be lost.
      const isWhole = (): boolean => count('connected') - count('disconnected') === 3
      await waitFor(() => seen.size >= at && isWhole(), { what: `${at} messages` })
      proxy.reset()
    }
    await published
    await waitFor(() => ids.every((id) => seen.has(id)), { what: 'every message' })
    expect(count('disconnected')).toBeGreaterThanOrEqual(9)
    await hasConsumers(watcher, near.work, 1)
    await consumer.close({ graceMs: 1000 })
    await hasConsumers(watcher, near.work, 0)
  }, 40_000)
})
