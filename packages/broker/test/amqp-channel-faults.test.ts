import { type RabbitServer, serversOrSkip, startRabbit, waitFor } from '@askwire/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { queueArguments } from '../src/amqp/declare-topology.ts'
import { createGate, createRecorder, message } from './contract-kit.ts'
import { type Bench, createBench, hasConsumers, onRawChannel, publishSurely } from './faults-kit.ts'

serversOrSkip()
let rabbit: RabbitServer
let bench: Bench

beforeAll(async () => {
  rabbit = await startRabbit({ name: 'channels' })
}, 120_000)
afterAll(async () => {
  await rabbit?.remove()
}, 60_000)
beforeEach(() => {
  bench = createBench(rabbit.url)
})
afterEach(() => bench.close(), 20_000)

const setBroker = (key: string, value: string): Promise<string> =>
  rabbit.ctl(['eval', `application:set_env(rabbit, ${key}, ${value}).`])

describe('amqp: the broker takes one thing away and keeps the connection', () => {
  test('F13: consumer time-out: the handler is told, its result is ignored, the channel is made again', async () => {
    await setBroker('consumer_timeout', '1500')
    await setBroker('channel_tick_interval', '300')
    const { broker, count } = bench.open()
    await broker.start()
    const gate = createGate()
    const reasons: unknown[] = []
    let running = 0
    let most = 0
    const recorder = createRecorder()
    await broker.consume({
      queue: bench.work,
      prefetch: 1,
      handler: async (delivery, { signal }) => {
        await recorder.handler(delivery)
        running += 1
        most = Math.max(most, running)
        if (delivery.deliveryCount === 0) {
          signal.addEventListener('abort', () => reasons.push(signal.reason))
          await gate.opened
        }
        running -= 1
        return delivery.deliveryCount === 0 ? 'drop' : 'ack'
      },
    })
    await broker.publish(message(bench.work, 'slow'))
    await waitFor(() => reasons.length === 1, { what: 'the abort' })
    await hasConsumers(broker, bench.work, 1)
    gate.open()
    await waitFor(() => recorder.got.length >= 2, { what: 'the second delivery' })
    expect(most).toBe(1)
    expect(count('disconnected')).toBe(0)
    // A busy machine may let the second delivery's time pass too, before the first handler is let go.
    expect(count('channel_lost')).toBeGreaterThanOrEqual(1)
    await waitFor(async () => (await broker.inspect(bench.work)).messages === 0, { what: 'an empty queue' })
    expect((await broker.inspect(bench.dead)).messages).toBe(0)
    await setBroker('consumer_timeout', '1800000')
  }, 60_000)

  test('an exchange that is gone: the channel dies with what was under way, and both are made again', async () => {
    const { broker, count } = bench.open()
    await broker.start()
    await onRawChannel(rabbit.url, (channel) => channel.deleteExchange('contract'))
    const failed = await Promise.allSettled(['a', 'b'].map((id) => broker.publish(message(bench.work, id))))
    expect(failed.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
    expect(failed[0]).toMatchObject({ reason: { code: 'broker_unavailable' } })
    await publishSurely(broker, bench.work, 'c')
    expect([count('disconnected'), count('channel_lost')]).toEqual([0, 1])
  }, 30_000)

  test('F39: a queue deleted under its consumer is declared and consumed again', async () => {
    const { broker, count } = bench.open()
    await broker.start()
    const recorder = createRecorder()
    const consumer = await broker.consume({ queue: bench.work, prefetch: 5, handler: recorder.handler })
    await onRawChannel(rabbit.url, (channel) => channel.deleteQueue(bench.work))
    await waitFor(() => count('consumer_cancelled') === 1, { what: 'the cancellation' })
    await waitFor(() => consumer.isConsuming(), { what: 'the consumer' })
    await hasConsumers(broker, bench.work, 1)
    await publishSurely(broker, bench.work, 'a')
    await waitFor(() => recorder.got.length === 1, { what: 'the delivery' })
  }, 30_000)

  test('F38: an answer queue that is deleted comes back with its bindings and tells the gap', async () => {
    const { broker } = bench.open()
    await broker.start()
    const frames: string[] = []
    let gaps = 0
    const answers = await broker.openAnswerQueue({
      gatewayId: 'deleted',
      onFrames: (_sessionId, text) => frames.push(text),
      onGap: () => {
        gaps += 1
      },
    })
    await answers.bind('s1')
    const name = 'rabbit_misc:r(<<"/">>, queue, <<"answer_queue.deleted">>)'
    await rabbit.ctl([
      'eval',
      `{ok, Q} = rabbit_amqqueue:lookup(${name}), rabbit_amqqueue:delete(Q, false, false, <<"test">>).`,
    ])
    await waitFor(() => gaps === 1, { what: 'the gap' })
    await broker.sendAnswers('s1', 'again')
    await waitFor(() => frames.length === 1, { what: 'the frames' })
  }, 30_000)

  test('a queue that exists with another limit is used as it is, and reported', async () => {
    const spec = bench.topology.queues.find((queue) => queue.name === bench.small)!
    await onRawChannel(rabbit.url, (channel) =>
      channel.assertQueue(spec.name, { durable: true, arguments: { ...queueArguments(spec), 'x-max-length': 5 } }),
    )
    const { broker, events } = bench.open()
    await broker.start()
    await broker.publish(message(bench.small, 'a'))
    expect(events).toContainEqual({ kind: 'topology_differs', name: bench.small })
  }, 30_000)

  test('F36: under a disk alarm publishes time out, then fail at once; consumers go on; the same id passes later', async () => {
    const { broker } = bench.open({ publishTimeoutMs: 700, maxUnconfirmed: 3 })
    await broker.start()
    const recorder = createRecorder()
    await publishSurely(broker, bench.work, 'before')
    await rabbit.ctl(['set_disk_free_limit', '900GB'])
    try {
      const outcomes = await Promise.allSettled(
        ['a', 'b', 'c', 'd'].map((id) => broker.publish(message(bench.work, id))),
      )
      const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'confirmed'))
      expect(codes).toEqual(['broker_timeout', 'broker_timeout', 'broker_timeout', 'broker_unavailable'])
      await waitFor(() => broker.state().blocked, { what: 'the news of the alarm', timeoutMs: 30_000 })
      expect(broker.state()).toEqual({ publishing: false, consuming: true, blocked: true })
      await expect(broker.publish(message(bench.work, 'e'))).rejects.toMatchObject({ code: 'broker_unavailable' })
      for (let index = 0; index < 3000; index += 1) await broker.sendAnswers('s1', 'x'.repeat(1000))
      await broker.consume({ queue: bench.work, prefetch: 5, handler: recorder.handler })
      await waitFor(() => recorder.ids().includes('before'), { what: 'what was there before' })
    } finally {
      await rabbit.ctl(['set_disk_free_limit', '50MB'])
    }
    await waitFor(() => !broker.state().blocked, { what: 'the all-clear', timeoutMs: 30_000 })
    await publishSurely(broker, bench.work, 'a')
    await waitFor(() => ['a', 'b', 'c'].every((id) => recorder.ids().includes(id)), { what: 'those that timed out' })
  }, 90_000)
})
