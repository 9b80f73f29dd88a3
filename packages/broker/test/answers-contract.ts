import type { AnswerQueue, Broker } from '@askwire/broker'
import { waitFor } from '@askwire/testing'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestTopology, type OpenSite, type Site } from './contract-kit.ts'

let lastGateway = 0

/** The part of the port that carries news: answers to gateways, control messages to workers. */
export function describeAnswers(name: string, openSite: OpenSite): void {
  describe(`${name}: answers and control`, () => {
    let site: Site
    let broker: Broker

    beforeEach(async () => {
      site = await openSite(createTestTopology().topology)
      broker = await site.connect()
    })
    afterEach(() => site.close())

    type Follower = { queue: AnswerQueue; got: string[]; gaps: () => number }

    async function follow(on: Broker): Promise<Follower> {
      lastGateway += 1
      const got: string[] = []
      let gaps = 0
      const queue = await on.openAnswerQueue({
        gatewayId: `gateway.${process.pid}.${lastGateway}`,
        onFrames: (sessionId, frames) => got.push(`${sessionId}:${frames}`),
        onGap: () => {
          gaps += 1
        },
      })
      return { queue, got, gaps: () => gaps }
    }

    /** What was sent before this is delivered, or never will be. */
    async function settled({ queue, got }: Follower): Promise<void> {
      await queue.bind('fence')
      await broker.sendAnswers('fence', '')
      await waitFor(() => got.includes('fence:'), { what: 'the fence' })
    }

    test('brings frames to the gateways that follow the session, in order, as they were', async () => {
      const other = await site.connect()
      const [first, second] = [await follow(broker), await follow(other)]
      await first.queue.bind('s1')
      await second.queue.bind('s1')
      await second.queue.bind('s2')
      const frames = Array.from({ length: 200 }, (_, index) => `id: 1-${index}\ndata: {"delta":"é 中文 🎉"}\n\n`)
      for (const text of frames) await broker.sendAnswers('s1', text)
      await broker.sendAnswers('s2', 'only the second')
      await broker.sendAnswers('s3', 'no one')
      await settled(second)
      const expected = frames.map((text) => `s1:${text}`)
      await waitFor(() => first.got.length === 200, { what: 'all frames' })
      expect(first.got).toEqual(expected)
      expect(second.got).toEqual([...expected, 's2:only the second', 'fence:'])
      expect([first.gaps(), second.gaps()]).toEqual([0, 0])
    })

    test('what many sessions are sent in one turn reaches each gateway for its own sessions alone, once and in order', async () => {
      const other = await site.connect()
      const [first, second] = [await follow(broker), await follow(other)]
      for (const session of ['a0', 'a1', 'both']) await first.queue.bind(session)
      for (const session of ['b0', 'both']) await second.queue.bind(session)
      const sessions = [
        'a0',
        'b0',
        'nobody',
        'both',
        'a1',
        ...Array.from({ length: 100 }, (_, index) => `none-${index}`),
      ]
      const rounds = [0, 1, 2]
      await Promise.all(
        rounds.flatMap((round) =>
          sessions.map((session) => broker.sendAnswers(session, `${session} é🎉 ${round}\n\n`)),
        ),
      )
      await settled(second)
      await waitFor(() => first.got.length === 9, { what: 'the frames of the first gateway' })
      const expected = (session: string): string[] => rounds.map((round) => `${session}:${session} é🎉 ${round}\n\n`)
      for (const session of ['a0', 'a1', 'both']) {
        expect(first.got.filter((frame) => frame.startsWith(`${session}:`))).toEqual(expected(session))
      }
      expect(second.got.filter((frame) => frame.startsWith('b0:'))).toEqual(expected('b0'))
      expect(second.got.filter((frame) => frame.startsWith('both:'))).toEqual(expected('both'))
      expect([first.got.length, second.got.length]).toEqual([9, 7])
    })

    test('stays in order and bounded when the sender does not wait', async () => {
      const follower = await follow(broker)
      await follower.queue.bind('s1')
      const text = 'x'.repeat(300)
      const sent = Array.from({ length: 5000 }, (_, index) => broker.sendAnswers('s1', `${index} ${text}`))
      await Promise.all(sent)
      await waitFor(() => follower.got.length === 5000, { what: 'all frames' })
      expect(follower.got.every((frame, index) => frame === `s1:${index} ${text}`)).toBe(true)
    })

    test('carries large frames whole', async () => {
      const follower = await follow(broker)
      await follower.queue.bind('s1')
      const text = '中'.repeat(200_000)
      await broker.sendAnswers('s1', text)
      await waitFor(() => follower.got.length === 1, { what: 'the large frame' })
      expect(follower.got[0] === `s1:${text}`).toBe(true)
    })

    test('stops with unbind, and does not mind flapping', async () => {
      const follower = await follow(broker)
      await follower.queue.bind('s1')
      await follower.queue.unbind('s1')
      await broker.sendAnswers('s1', 'unheard')
      await settled(follower)
      expect(follower.got).toEqual(['fence:'])
      for (let round = 0; round < 20; round += 1) {
        await Promise.all([follower.queue.unbind('s1'), follower.queue.bind('s1')])
        await broker.sendAnswers('s1', `${round}`)
        await waitFor(() => follower.got.includes(`s1:${round}`), { what: `round ${round}` })
      }
      await Promise.all([follower.queue.bind('s1'), follower.queue.unbind('s1')])
      await broker.sendAnswers('s1', 'unheard too')
      await broker.sendAnswers('fence', 'again')
      await waitFor(() => follower.got.includes('fence:again'), { what: 'the second fence' })
      expect(follower.got).not.toContain('s1:unheard too')
    })

    test('binds many sessions at the same time', async () => {
      const follower = await follow(broker)
      const sessions = Array.from({ length: 300 }, (_, index) => `s${index}`)
      await Promise.all(sessions.map((sessionId) => follower.queue.bind(sessionId)))
      for (const sessionId of sessions) await broker.sendAnswers(sessionId, 'hello')
      await waitFor(() => follower.got.length === 300, { what: 'a frame of each' })
      expect(follower.got).toEqual(sessions.map((sessionId) => `${sessionId}:hello`))
    })

    test('a listener that throws does not end the queue', async () => {
      const got: string[] = []
      const queue = await broker.openAnswerQueue({
        gatewayId: `gateway.${process.pid}.throws`,
        onFrames: (_sessionId, frames) => {
          got.push(frames)
          throw new Error('a listener that fails')
        },
        onGap: () => {},
      })
      await queue.bind('s1')
      for (const text of ['a', 'b']) await broker.sendAnswers('s1', text)
      await waitFor(() => got.length === 2, { what: 'both frames' })
    })

    test('is silent after close', async () => {
      const [closed, open] = [await follow(broker), await follow(broker)]
      await closed.queue.bind('s1')
      await open.queue.bind('s1')
      await closed.queue.close()
      await broker.sendAnswers('s1', 'hello')
      await waitFor(() => open.got.length === 1, { what: 'the frame at the open one' })
      expect(closed.got).toEqual([])
    })

    test('tells every worker what is cancelled', async () => {
      const other = await site.connect()
      const heard: string[] = []
      const listen = (on: Broker, workerId: string) =>
        on.openControlQueue({ workerId, onMessage: (body) => heard.push(`${workerId}:${body.toString()}`) })
      await listen(broker, `w1.${process.pid}`)
      const second = await listen(other, `w2.${process.pid}`)
      await broker.sendControl('run.cancel', Buffer.from('r1'))
      await waitFor(() => heard.length === 2, { what: 'both workers' })
      await second.close()
      await broker.sendControl('run.cancel', Buffer.from('r2'))
      await waitFor(() => heard.length === 3, { what: 'the one that is left' })
      expect(heard.sort()).toEqual([`w1.${process.pid}:r1`, `w1.${process.pid}:r2`, `w2.${process.pid}:r1`])
    })
  })
}
