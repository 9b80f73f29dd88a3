import { answerQueue, EXCHANGES, QUEUES } from '@askwire/contracts'
import { publishRaw, type SeenEvent, type ServiceProcess, type SessionFollower, waitFor } from '@askwire/testing'
import type { Asked, Bench } from '../bench.ts'
import type { RunnableFault } from '../fault.ts'

const succeeded = (bench: Bench, status: string): void => bench.must(status === 'succeeded', `the run ended ${status}`)

/** The frame a worker sent for an event, as the gateways got it. */
const frameOf = ({ id, event, data }: SeenEvent): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

async function untilConsumersAreBack(bench: Bench, timeoutMs: number): Promise<void> {
  const wanted = bench.cluster.workers.length
  await waitFor(async () => (await bench.consumers()) === wanted, {
    timeoutMs,
    intervalMs: 250,
    what: 'every consumer back',
  })
}

async function askMany(bench: Bench, count: number, pace = 'interval=15'): Promise<Asked[]> {
  return await Promise.all(Array.from({ length: count }, () => bench.ask({ tokens: 20, pace })))
}

async function endWell(bench: Bench, asked: readonly Asked[]): Promise<void> {
  for (const one of asked) succeeded(bench, await bench.untilEnd(one))
  await bench.closeFollowers(asked)
}

function calledOnce(bench: Bench, asked: readonly Asked[]): void {
  for (const { key } of asked)
    bench.must(bench.callsFor(key).length === 1, `the provider was asked ${bench.callsFor(key).length} times`)
}

/** Deletes the queue under its consumer, and waits until there is a new one. */
async function deleteAnswerQueue({ cluster }: Bench, gatewayId: string): Promise<void> {
  const { rabbit, vhost } = cluster.servers
  const queue = answerQueue(gatewayId)
  await rabbit.ctl(['delete_queue', queue, '--vhost', vhost])
  const isBack = async (): Promise<boolean> => {
    const lines = await rabbit.ctl(['-q', 'list_queues', '-p', vhost, 'name', 'consumers', '--no-table-headers'])
    return lines.split('\n').some((line) => line === `${queue}\t1`)
  }
  await waitFor(isBack, { timeoutMs: 10_000, what: `${queue} consumed again` })
}

/** The broker killed, restarted, cut off, full, in alarm, forgetful; and messages that should not be. */
export const brokerFaults: readonly RunnableFault[] = [
  {
    id: 'F7',
    name: 'messages that are no questions: no JSON, no fields, another shape',
    holds: 'they leave the queue; the consumers stay and other questions are answered',
    spoils: { rabbit: true },
    smoke: false,
    provoke: async (bench) => {
      for (const body of ['not json', '{}', '{"schemaVersion":1,"runId":7}', '']) {
        const { rabbitUrl } = bench.cluster.servers
        await publishRaw(rabbitUrl, {
          exchange: EXCHANGES.questions,
          routingKey: QUEUES.questions,
          body,
          messageId: 'x',
        })
      }
      await endWell(bench, await askMany(bench, 4))
      await untilConsumersAreBack(bench, 5000)
    },
  },
  {
    id: 'F10',
    name: 'answer events doubled and out of order on their way to the gateways',
    holds: 'no follower sees one twice or early',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 100, pace: 'interval=20' })
      for (let round = 1; round <= 5; round += 1) {
        await bench.untilTokens(asked, 12 * round)
        const frames = asked.follower.record.events
          .filter(({ id }) => id !== null)
          .slice(-8)
          .reverse()
          .map(frameOf)
        const { rabbitUrl } = bench.cluster.servers
        await publishRaw(rabbitUrl, { exchange: EXCHANGES.answers, routingKey: asked.sessionId, body: frames.join('') })
      }
      await endWell(bench, [asked])
    },
  },
  {
    id: 'F11',
    name: 'broker killed and started again under load',
    holds: 'questions are accepted throughout; every consumer is back within 15 s',
    spoils: { rabbit: true },
    smoke: true,
    provoke: async (bench) => {
      const over = new AbortController()
      const load = bench.load({ durationMs: 60_000, cancelChance: 0, signal: over.signal, tokens: { from: 5, to: 40 } })
      await waitFor(() => bench.client.asks.length > 8, { what: 'load' })
      await bench.cluster.servers.rabbit.kill('SIGKILL', { tree: true })
      const during = await bench.ask({ tokens: 10, follow: false })
      await bench.cluster.servers.rabbit.start()
      await untilConsumersAreBack(bench, 15_000)
      over.abort()
      await load
      const refused = bench.client.asks.flatMap(({ tries }) => tries.filter(({ status }) => status !== 202))
      bench.must(refused.length === 0, `${refused.length} questions were not accepted at once`)
      const state = async (): Promise<boolean> => (await bench.runRow(during.runId)).status === 'succeeded'
      await waitFor(state, { timeoutMs: 20_000, what: 'the answer to what was asked while the broker was away' })
    },
  },
  {
    id: 'F12',
    name: 'broker closes every connection under load',
    holds: 'every consumer is back, and no more than that',
    spoils: { rabbit: true },
    smoke: false,
    provoke: async (bench) => {
      const over = new AbortController()
      const load = bench.load({ durationMs: 60_000, cancelChance: 0, signal: over.signal, tokens: { from: 5, to: 40 } })
      await waitFor(() => bench.client.asks.length > 8, { what: 'load' })
      await bench.cluster.servers.rabbit.ctl(['close_all_connections', 'fault'])
      await untilConsumersAreBack(bench, 15_000)
      over.abort()
      await load
    },
  },
  {
    id: 'F13',
    name: "broker closes a consumer's channel (an acknowledgement overdue)",
    holds: 'the channel is rebuilt, the run under way is left to its worker: one call, one attempt',
    spoils: { rabbit: true },
    smoke: true,
    provoke: async (bench) => {
      const { rabbit } = bench.cluster.servers
      const setEnv = (timeout: number, tick: number): Promise<string> =>
        rabbit.ctl([
          'eval',
          `application:set_env(rabbit, consumer_timeout, ${timeout}), application:set_env(rabbit, channel_tick_interval, ${tick}).`,
        ])
      // A channel takes the settings when it opens, so every connection has to be made anew, before and after.
      const renew = async (): Promise<void> => {
        await rabbit.ctl(['close_all_connections', 'fault'])
        await untilConsumersAreBack(bench, 15_000)
      }
      await setEnv(1500, 500)
      await renew()
      const asked = await bench.ask({ tokens: 300, pace: 'interval=20' })
      await endWell(bench, [asked])
      await setEnv(1_800_000, 60_000)
      await renew()
      calledOnce(bench, [asked])
      bench.must((await bench.runRow(asked.runId)).attempt === 1, 'the run was taken from its worker')
      await endWell(bench, await askMany(bench, 3))
    },
  },
  {
    id: 'F14',
    name: 'silent partition between a gateway and the broker',
    holds: 'that gateway accepts and streams all the same; each question is answered once',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      const cable = bench.cluster.brokerCable.get('gateway-1')!
      cable.mode = 'blackhole'
      const gateway = bench.cluster.urls[0]!
      const asked = await Promise.all(
        Array.from({ length: 3 }, () => bench.ask({ gateway, tokens: 20, follow: false })),
      )
      const followers = asked.map(({ sessionId }) => bench.client.follow({ user: bench.id, sessionId, gateway }))
      for (const [at, { runId }] of asked.entries()) await followers[at]!.untilEnd(runId, 40_000)
      cable.mode = 'pass'
      const after = await bench.ask({ gateway, tokens: 10 })
      await endWell(bench, [after])
      await Promise.all(followers.map((follower) => follower.close()))
      calledOnce(bench, [...asked, after])
    },
  },
  {
    id: 'F15',
    name: 'silent partition between a worker and the broker in the middle of an answer',
    holds: 'the answer goes on and is read from the log; one provider call',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 200, pace: 'interval=40' })
      await bench.untilTokens(asked, 20)
      const worker = await bench.workerOf(asked.runId)
      bench.cluster.brokerCable.get(worker.name)!.mode = 'blackhole'
      await endWell(bench, [asked])
      calledOnce(bench, [asked])
    },
  },
  {
    id: 'F33',
    name: 'a message of a newer version',
    holds: 'it is parked, not thrown away; questions of today are answered meanwhile',
    spoils: { rabbit: true },
    smoke: false,
    provoke: async (bench) => {
      const body = JSON.stringify({ schemaVersion: 99, somethingNew: true })
      const { rabbitUrl } = bench.cluster.servers
      await publishRaw(rabbitUrl, {
        exchange: EXCHANGES.questions,
        routingKey: QUEUES.questions,
        body,
        messageId: 'newer',
      })
      await endWell(bench, await askMany(bench, 4))
    },
  },
  {
    id: 'F36',
    name: "broker's disk alarm",
    holds: 'questions are accepted meanwhile, answered after it, each once',
    spoils: { rabbit: true },
    smoke: true,
    provoke: async (bench) => {
      const { rabbit } = bench.cluster.servers
      const running = await bench.ask({ tokens: 150, pace: 'interval=40' })
      await bench.untilTokens(running, 5)
      await rabbit.ctl(['set_disk_free_limit', '900GB'])
      try {
        await endWell(bench, [running])
        const asked = await askMany(bench, 4)
        await rabbit.ctl(['set_disk_free_limit', '50MB'])
        await endWell(bench, asked)
        calledOnce(bench, [running, ...asked])
      } finally {
        await rabbit.ctl(['set_disk_free_limit', '50MB'])
      }
    },
  },
  {
    id: 'F37',
    name: 'question queue full',
    holds: 'questions are accepted, wait in the outbox, and are answered when there is room',
    spoils: { rabbit: true },
    smoke: false,
    provoke: async (bench) => {
      const { rabbit, vhost } = bench.cluster.servers
      const policy = JSON.stringify({ 'max-length': 2 })
      await rabbit.ctl(['set_policy', '-p', vhost, 'full', '^question_queue$', policy, '--apply-to', 'queues'])
      await Promise.all(bench.cluster.workers.map((worker) => worker.signal('SIGTERM')))
      await Promise.all(bench.cluster.workers.map((worker) => worker.ended(20_000)))
      const asked = await askMany(bench, 10)
      await Promise.all(bench.cluster.workers.map((worker) => worker.start()))
      await endWell(bench, asked)
      await rabbit.ctl(['clear_policy', '-p', vhost, 'full'])
    },
  },
  {
    id: 'F38',
    name: "a living gateway's answer queue deleted while events are sent to it, three times",
    holds:
      'it is declared, bound and consumed again within 10 s; its followers read what was missed from the log, on the streams they have',
    spoils: { rabbit: true },
    smoke: false,
    provoke: async (bench) => {
      const [gateway, other] = bench.cluster.gateways
      if (!gateway || !other) throw new Error('there are no two gateways')
      const questions = { tokens: 1200, pace: 'interval=20' }
      const asked = await Promise.all(Array.from({ length: 6 }, () => bench.ask({ ...questions, follow: false })))
      const follow = ({ sessionId }: Asked, { url }: ServiceProcess): SessionFollower =>
        bench.client.follow({ user: bench.id, sessionId, gateway: url })
      const here = asked.map((one) => ({ ...one, follower: follow(one, gateway) }))
      const there = asked.map((one) => ({ ...one, follower: follow(one, other) }))
      for (const tokens of [20, 200, 400]) {
        for (const one of here.slice(0, asked.length)) await bench.untilTokens(one, tokens)
        await deleteAnswerQueue(bench, gateway.name)
        // Who comes at that moment waits for the new queue.
        const late = await bench.ask({ gateway: gateway.url, tokens: 20, follow: false })
        here.push({ ...late, follower: follow(late, gateway) })
      }
      bench.must(
        asked.every(({ key }) => bench.callsFor(key)[0]?.closedAt === undefined),
        'an answer was over before its queue was deleted for the last time',
      )
      await endWell(bench, [...here, ...there])
      calledOnce(bench, here)
      for (const { follower } of [...here, ...there]) {
        const { connections, events } = follower.record
        bench.must(connections.length === 1, 'a stream was broken off')
        bench.must(
          events.every(({ event }) => event !== 'snapshot'),
          'a follower was told a snapshot, though the log has everything',
        )
      }
    },
  },
  {
    id: 'F39',
    name: 'question queue deleted with questions in it',
    holds: 'it is declared and consumed again; what was in it is answered all the same',
    spoils: { rabbit: true },
    smoke: false,
    provoke: async (bench) => {
      const { rabbit, vhost } = bench.cluster.servers
      const running = await askMany(bench, 4, 'interval=100')
      await bench.untilTokens(running[0]!, 3)
      await rabbit.ctl(['delete_queue', QUEUES.questions, '--vhost', vhost])
      await untilConsumersAreBack(bench, 15_000)
      const after = await askMany(bench, 4)
      await endWell(bench, [...running, ...after])
      calledOnce(bench, [...running, ...after])
    },
  },
]
