import { loopTime, type RabbitServer, serversOrSkip, startRabbit, waitFor } from '@askwire/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createRecorder, message } from './contract-kit.ts'
import { type Bench, createBench, hasConsumers, publishSurely } from './faults-kit.ts'

serversOrSkip()
let rabbit: RabbitServer
let bench: Bench

beforeAll(async () => {
  rabbit = await startRabbit({ name: 'restart' })
}, 120_000)
afterAll(async () => {
  await rabbit?.remove()
}, 60_000)
beforeEach(async () => {
  await rabbit.start()
  bench = createBench(rabbit.url)
}, 100_000)
afterEach(() => bench.close(), 20_000)

describe('amqp: the broker dies', () => {
  test('F11: killed under load: what was confirmed is kept, consumers and answers come back', async () => {
    const { broker } = bench.open()
    const { broker: gateway } = bench.open()
    await Promise.all([broker.start(), gateway.start()])
    const dead = createRecorder()
    await broker.consume({ queue: bench.dead, prefetch: 5, handler: dead.handler })
    const frames: string[] = []
    let gaps = 0
    const answers = await gateway.openAnswerQueue({
      gatewayId: 'restart',
      onFrames: (_sessionId, text) => frames.push(text),
      onGap: () => {
        gaps += 1
      },
    })
    await answers.bind('s1')
    await answers.bind('s2')
    await answers.unbind('s2')

    const confirmed = new Set<string>()
    const publishers = Array.from({ length: 10 }, async (_, publisher) => {
      for (let index = 0; index < 60; index += 1) {
        const id = `${publisher}-${index}`
        await publishSurely(broker, bench.work, id)
        confirmed.add(id)
      }
    })
    await waitFor(() => confirmed.size >= 100, { what: 'some confirms' })
    await rabbit.kill('SIGKILL')
    await waitFor(() => !broker.state().publishing && !broker.state().consuming, { what: 'the loss to be seen' })
    await expect(broker.publish(message(bench.work, 'x'))).rejects.toMatchObject({ code: 'broker_unavailable' })
    await broker.sendAnswers('s1', 'into the void')
    await rabbit.start()
    await Promise.all(publishers)

    const recorder = createRecorder()
    await broker.consume({ queue: bench.work, prefetch: 50, handler: recorder.handler })
    await waitFor(() => new Set(recorder.ids()).size === 600, { what: 'every message', timeoutMs: 30_000 })
    expect(confirmed.size).toBe(600)
    await hasConsumers(broker, bench.dead, 1)
    await waitFor(() => gaps > 0, { what: 'the gap to be told' })
    // What is sent to followers before its connection is back is dropped.
    const arrive = async (): Promise<boolean> => {
      await broker.sendAnswers('s2', 'no longer followed')
      await broker.sendAnswers('s1', 'after')
      return frames.length > 0
    }
    await waitFor(arrive, { what: 'frames after the restart' })
    expect(new Set(frames)).toEqual(new Set(['after']))
  }, 120_000)

  test('starts without a broker, fails fast meanwhile, and works when it comes', async () => {
    await rabbit.kill('SIGKILL')
    const { broker } = bench.open({ startTimeoutMs: 200, bindTimeoutMs: 200 })
    await broker.start()
    const recorder = createRecorder()
    const consumer = await broker.consume({ queue: bench.work, prefetch: 5, handler: recorder.handler })
    const frames: string[] = []
    const queue = { gatewayId: 'early', onFrames: (_: string, text: string) => frames.push(text), onGap: () => {} }
    const answers = await broker.openAnswerQueue(queue)
    expect(broker.state()).toEqual({ publishing: false, consuming: false, blocked: false })
    expect(consumer.isConsuming()).toBe(false)
    for (const asked of [
      () => broker.publish(message(bench.work, 'a')),
      () => answers.bind('s1'),
      () => broker.ping(),
    ]) {
      await expect(asked()).rejects.toMatchObject({ code: 'broker_unavailable' })
    }
    await broker.sendAnswers('s1', 'nowhere')
    await answers.unbind('s1')

    await rabbit.start()
    await waitFor(() => consumer.isConsuming(), { what: 'the consumer', timeoutMs: 30_000 })
    await publishSurely(broker, bench.work, 'b')
    await waitFor(() => recorder.ids().includes('b'), { what: 'the delivery' })
    await waitFor(() => answers.bind('s1').then(() => true), { what: 'a binding' })
    // The connection for answers comes back by itself; what is sent before that is dropped.
    const arrive = async (): Promise<boolean> => {
      await broker.sendAnswers('s1', 'here')
      return frames.length > 0
    }
    await waitFor(arrive, { what: 'the frames' })
    expect(new Set(frames)).toEqual(new Set(['here']))
  }, 120_000)

  test('F12: all connections closed by an operator: every consumer is back, once', async () => {
    const [first, second] = [bench.open(), bench.open()]
    const recorders = [createRecorder(), createRecorder()]
    for (const [index, { broker }] of [first, second].entries()) {
      await broker.start()
      await broker.consume({ queue: bench.work, prefetch: 5, handler: recorders[index]!.handler })
    }
    await hasConsumers(first.broker, bench.work, 2)
    await rabbit.ctl(['close_all_connections', 'test'])
    const isBack = ({ count }: typeof first): boolean =>
      count('disconnected') >= 3 && count('connected') - count('disconnected') === 3
    await waitFor(() => isBack(first) && isBack(second), { what: 'all six again' })
    await hasConsumers(first.broker, bench.work, 2)
    for (let index = 0; index < 20; index += 1) await publishSurely(second.broker, bench.work, `m${index}`)
    await waitFor(() => recorders[0]!.got.length + recorders[1]!.got.length === 20, { what: 'all messages' })
  }, 60_000)

  test('close does not wait for a broker that is away', async () => {
    // Nothing but its own bounds may end the waiting: neither a heartbeat nor, as long as it is frozen, the broker.
    const { broker } = bench.open({ publishTimeoutMs: 1500, heartbeatSeconds: 120 })
    await broker.start()
    await broker.consume({ queue: bench.work, prefetch: 5, handler: createRecorder().handler })
    await rabbit.kill('SIGSTOP')
    const pending = broker.publish(message(bench.work, 'a')).catch((error: unknown) => error)
    const { ms } = await loopTime(() => broker.close())
    expect(await pending).toMatchObject({ code: 'broker_timeout' })
    expect(ms).toBeLessThan(4500)
    await rabbit.kill('SIGCONT')
  }, 60_000)
})
