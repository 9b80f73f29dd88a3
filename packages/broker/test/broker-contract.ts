import { isDeepStrictEqual } from 'node:util'
import type { Broker, HandlerResult } from '@askwire/broker'
import { waitFor } from '@askwire/testing'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { describeAnswers } from './answers-contract.ts'
import {
  createGate,
  createRecorder,
  createTestTopology,
  DELIVERY_LIMIT,
  message,
  type OpenSite,
  type Site,
  SMALL_LENGTH,
  type TestTopology,
} from './contract-kit.ts'

/** What the port promises, for any implementation of it. */
export function describeBrokerContract(name: string, openSite: OpenSite): void {
  describe(`${name}: durable work`, () => {
    let names: TestTopology
    let site: Site
    let broker: Broker

    beforeEach(async () => {
      names = createTestTopology()
      site = await openSite(names.topology)
      broker = await site.connect()
    })
    afterEach(() => site.close())

    /** A broker's counts follow what happened by a moment. */
    const seen = (queue: string, depth: { messages: number; consumers: number }): Promise<unknown> =>
      waitFor(async () => isDeepStrictEqual(await broker.inspect(queue), depth), { what: JSON.stringify(depth) })
    const drained = (queue: string): Promise<unknown> =>
      waitFor(async () => (await broker.inspect(queue)).messages === 0, { what: `${queue} to be empty` })

    test('delivers what was published, once', async () => {
      await broker.publish(message(names.work, 'a', { headers: { requestId: 'r1', tries: 2 } }))
      const recorder = createRecorder()
      const consumer = await broker.consume({ queue: names.work, prefetch: 5, handler: recorder.handler })
      await waitFor(() => recorder.got.length === 1, { what: 'the delivery' })
      const [delivery] = recorder.got
      expect(delivery).toMatchObject({ messageId: 'a', redelivered: false, deliveryCount: 0 })
      expect(delivery?.headers).toMatchObject({ requestId: 'r1', tries: 2 })
      expect(delivery?.body.toString()).toBe('body of a')
      await consumer.close({ graceMs: 1000 })
      await seen(names.work, { messages: 0, consumers: 0 })
      expect(recorder.got).toHaveLength(1)
    })

    test('keeps the order', async () => {
      const recorder = createRecorder()
      await broker.consume({ queue: names.work, prefetch: 1, handler: recorder.handler })
      const ids = Array.from({ length: 60 }, (_, index) => `m${index}`)
      await Promise.all(ids.map((id) => broker.publish(message(names.work, id))))
      await waitFor(() => recorder.got.length === ids.length, { what: 'all deliveries' })
      expect(recorder.ids()).toEqual(ids)
    })

    test('runs no more handlers at once than prefetch', async () => {
      let running = 0
      let most = 0
      const gate = createGate()
      const recorder = createRecorder(async (): Promise<HandlerResult> => {
        running += 1
        most = Math.max(most, running)
        await gate.opened
        running -= 1
        return 'ack'
      })
      await broker.consume({ queue: names.work, prefetch: 3, handler: recorder.handler })
      for (let index = 0; index < 10; index += 1) await broker.publish(message(names.work, `m${index}`))
      await waitFor(() => running === 3, { what: 'three handlers' })
      await seen(names.work, { messages: 7, consumers: 1 })
      gate.open()
      await waitFor(() => recorder.got.length === 10, { what: 'all deliveries' })
      expect(most).toBe(3)
    })

    test('shares a queue between consumers of two brokers', async () => {
      const gate = createGate()
      const hold = async () => {
        await gate.opened
        return 'ack' as const
      }
      const [first, second] = [createRecorder(hold), createRecorder(hold)]
      const other = await site.connect()
      await broker.consume({ queue: names.work, prefetch: 2, handler: first.handler })
      await other.consume({ queue: names.work, prefetch: 2, handler: second.handler })
      for (let index = 0; index < 4; index += 1) await broker.publish(message(names.work, `m${index}`))
      await waitFor(() => first.got.length === 2 && second.got.length === 2, { what: 'both to hold two' })
      gate.open()
      await drained(names.work)
    })

    test('delivers again what was requeued or thrown at, and counts it', async () => {
      const recorder = createRecorder(({ deliveryCount }) => {
        if (deliveryCount === 0) return 'requeue'
        if (deliveryCount === 1) throw new Error('a handler that fails')
        return 'ack'
      })
      await broker.consume({ queue: names.work, prefetch: 1, handler: recorder.handler })
      await broker.publish(message(names.work, 'a'))
      await waitFor(() => recorder.got.length === 3, { what: 'three deliveries' })
      expect(recorder.got.map(({ deliveryCount, redelivered }) => [deliveryCount, redelivered])).toEqual([
        [0, false],
        [1, true],
        [2, true],
      ])
      await drained(names.work)
    })

    test('dead-letters what was dropped, with its id, body and headers', async () => {
      const dead = createRecorder()
      await broker.consume({ queue: names.dead, prefetch: 1, handler: dead.handler })
      await broker.consume({ queue: names.work, prefetch: 1, handler: createRecorder(() => 'drop').handler })
      await broker.publish(message(names.work, 'a', { headers: { requestId: 'r1' } }))
      await waitFor(() => dead.got.length === 1, { what: 'the dead letter' })
      expect(dead.got[0]?.messageId).toBe('a')
      expect(dead.got[0]?.body.toString()).toBe('body of a')
      expect(dead.got[0]?.headers).toMatchObject({
        requestId: 'r1',
        'x-first-death-reason': 'rejected',
        'x-first-death-queue': names.work,
      })
    })

    test('dead-letters what came back too often', async () => {
      const dead = createRecorder()
      const poisoned = createRecorder(() => 'requeue')
      await broker.consume({ queue: names.dead, prefetch: 1, handler: dead.handler })
      await broker.consume({ queue: names.work, prefetch: 1, handler: poisoned.handler })
      await broker.publish(message(names.work, 'poison'))
      await waitFor(() => dead.got.length === 1, { what: 'the dead letter' })
      expect(poisoned.got.map(({ deliveryCount }) => deliveryCount)).toEqual([0, 1, 2, DELIVERY_LIMIT])
      expect(dead.got[0]?.headers).toMatchObject({ 'x-first-death-reason': 'delivery_limit' })
      // A dead letter's life begins anew: earlier deliveries were those of another queue.
      expect(dead.got[0]?.deliveryCount).toBe(0)
      await drained(names.work)
    })

    test('lets go of what was dropped where there are no dead letters', async () => {
      const recorder = createRecorder(() => 'drop')
      await broker.consume({ queue: names.small, prefetch: 1, handler: recorder.handler })
      await broker.publish(message(names.small, 'a'))
      await broker.publish(message(names.small, 'b'))
      await waitFor(() => recorder.got.length === 2, { what: 'both deliveries' })
      await drained(names.small)
      expect(recorder.ids()).toEqual(['a', 'b'])
    })

    test('rejects what no queue is bound for, and goes on', async () => {
      await expect(broker.publish(message('nowhere', 'a'))).rejects.toMatchObject({ code: 'broker_rejected' })
      const unknown = message(names.work, 'b', { exchange: 'no such exchange' })
      await expect(broker.publish(unknown)).rejects.toMatchObject({ code: 'broker_rejected' })
      await broker.publish(message(names.work, 'c'))
      await seen(names.work, { messages: 1, consumers: 0 })
    })

    test('rejects what a full queue cannot take, keeps what it took, and takes more when there is room', async () => {
      const accepted: string[] = []
      const fill = async (): Promise<unknown> => {
        // A broker may overshoot by what it took before it noticed.
        for (let index = 0; index < SMALL_LENGTH * 3; index += 1) {
          const id = `m${accepted.length}`
          const failure = await broker.publish(message(names.small, id)).catch((error: unknown) => error)
          if (failure) return failure
          accepted.push(id)
        }
        return undefined
      }
      expect(await fill()).toMatchObject({ code: 'broker_rejected' })
      expect(accepted.length).toBeGreaterThanOrEqual(SMALL_LENGTH)
      const recorder = createRecorder()
      await broker.consume({ queue: names.small, prefetch: 1, handler: recorder.handler })
      await waitFor(() => recorder.got.length >= accepted.length, { what: 'what was accepted' })
      expect(recorder.ids()).toEqual(accepted)
      const again = message(names.small, 'later')
      await waitFor(() => broker.publish(again).then(() => true), { what: 'room for one more' })
      await waitFor(() => recorder.ids().includes('later'), { what: 'the later one' })
    })

    test('closing a consumer waits for its handlers and takes nothing new', async () => {
      const gate = createGate()
      const recorder = createRecorder(async (): Promise<HandlerResult> => {
        await gate.opened
        return 'ack'
      })
      const consumer = await broker.consume({ queue: names.work, prefetch: 2, handler: recorder.handler })
      expect(consumer.isConsuming()).toBe(true)
      for (const id of ['a', 'b', 'c']) await broker.publish(message(names.work, id))
      await waitFor(() => recorder.got.length === 2, { what: 'two deliveries' })
      const closed = consumer.close({ graceMs: 5000 })
      expect(consumer.isConsuming()).toBe(false)
      gate.open()
      await closed
      expect(recorder.ids()).toEqual(['a', 'b'])
      await seen(names.work, { messages: 1, consumers: 0 })
    })

    test('closing a consumer hands back what is not finished in time, and ignores its result', async () => {
      const gate = createGate()
      let aborted = 0
      const slow = await broker.consume({
        queue: names.work,
        prefetch: 2,
        handler: async (_delivery, { signal }) => {
          signal.addEventListener('abort', () => {
            aborted += 1
          })
          await gate.opened
          return 'drop'
        },
      })
      for (const id of ['a', 'b']) await broker.publish(message(names.work, id))
      await waitFor(async () => (await broker.inspect(names.work)).messages === 0, { what: 'both to be taken' })
      // Although both are still at it.
      await slow.close({ graceMs: 50 })
      expect(aborted).toBe(2)
      gate.open()
      const recorder = createRecorder()
      await broker.consume({ queue: names.work, prefetch: 2, handler: recorder.handler })
      await waitFor(() => recorder.got.length === 2, { what: 'both deliveries' })
      expect(recorder.ids().sort()).toEqual(['a', 'b'])
      expect(recorder.got.every(({ redelivered, deliveryCount }) => redelivered && deliveryCount === 1)).toBe(true)
      expect((await broker.inspect(names.dead)).messages).toBe(0)
    })

    test('tells its state, and refuses work once closed', async () => {
      expect(broker.state()).toEqual({ publishing: true, consuming: true, blocked: false })
      await broker.ping()
      await broker.close()
      expect(broker.state()).toEqual({ publishing: false, consuming: false, blocked: false })
      await expect(broker.publish(message(names.work, 'a'))).rejects.toMatchObject({ code: 'broker_unavailable' })
      await expect(broker.inspect(names.work)).rejects.toMatchObject({ code: 'broker_unavailable' })
      await expect(broker.ping()).rejects.toThrow()
      await broker.sendAnswers('s', 'frames')
      await broker.close()
    })

    test('closing settles the publishes under way', async () => {
      const ids = Array.from({ length: 50 }, (_, index) => `m${index}`)
      const other = await site.connect()
      const published = Promise.all(ids.map((id) => other.publish(message(names.work, id))))
      await other.close()
      await published
      await seen(names.work, { messages: 50, consumers: 0 })
    })
  })

  describeAnswers(name, openSite)
}
