import { EXCHANGES, QUEUES } from '@askwire/contracts'
import { publishRaw, waitFor } from '@askwire/testing'
import type { Bench } from '../bench.ts'
import type { RunnableFault } from '../fault.ts'

/** What must not be a failure of the fault itself: the run still ends well. */
const succeeded = (bench: Bench, status: string): void => bench.must(status === 'succeeded', `the run ended ${status}`)

async function runningMetric(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(3000) })).text()
  return Number(/^askwire_active_runs(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1] ?? Number.NaN)
}

/** Workers killed, frozen, told the same thing twice. */
export const workerFaults: readonly RunnableFault[] = [
  {
    id: 'F1',
    name: 'worker killed before the first token',
    holds: 'another worker asks the provider again within 6 s; two calls in all',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      const asked = await bench.ask({ pace: 'ttft=2500&interval=10' })
      await waitFor(() => bench.callsFor(asked.key).length === 1, { what: 'the first call' })
      const worker = await bench.workerOf(asked.runId)
      await worker.signal('SIGKILL')
      await waitFor(() => bench.callsFor(asked.key).length === 2, { timeoutMs: 6000, what: 'the second call' })
      succeeded(bench, await bench.untilEnd(asked))
      bench.must(bench.callsFor(asked.key).length === 2, 'the provider was asked more than twice')
      await bench.closeFollowers([asked])
    },
  },
  {
    id: 'F2',
    name: 'worker killed in the middle of an answer',
    holds: 'attempt 2 begins with message_replace and gives the whole answer',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 120, pace: 'interval=15' })
      await bench.untilTokens(asked, 50)
      await (await bench.workerOf(asked.runId)).signal('SIGKILL')
      succeeded(bench, await bench.untilEnd(asked))
      const { events } = asked.follower.record
      bench.must(
        events.some(({ event, data }) => event === 'message_replace' && data.attempt === 2),
        'no message_replace',
      )
      bench.must((await bench.runRow(asked.runId)).attempt === 2, 'not exactly two attempts')
      await bench.closeFollowers([asked])
    },
  },
  {
    id: 'F3',
    name: 'worker killed after the commit, before the acknowledgement',
    holds: 'the delivery comes back and is acknowledged without a second provider call',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 60, pace: 'interval=20' })
      await bench.untilTokens(asked, 20)
      const worker = await bench.workerOf(asked.runId)
      const cable = bench.cluster.brokerCable.get(worker.name)!
      // Nothing the worker says reaches the broker any more: it will commit, and cannot acknowledge.
      cable.mode = 'blackhole'
      await waitFor(async () => (await bench.runRow(asked.runId)).status === 'succeeded', { what: 'the commit' })
      await worker.signal('SIGKILL')
      cable.reset()
      cable.mode = 'pass'
      succeeded(bench, await bench.untilEnd(asked))
      await worker.start()
      const next = await bench.ask({ tokens: 5 })
      succeeded(bench, await bench.untilEnd(next))
      bench.must(bench.callsFor(asked.key).length === 1, 'the provider was asked again')
      bench.must((await bench.runRow(asked.runId)).attempt === 1, 'a finished run was tried again')
      await bench.closeFollowers([asked, next])
    },
  },
  {
    id: 'F4',
    name: 'worker killed after the provider finished, before the commit',
    holds: 'one visible answer, at most two provider calls',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 40, pace: 'interval=20' })
      await bench.untilTokens(asked, 20)
      const worker = await bench.workerOf(asked.runId)
      await bench.withDatabase(async (database) => {
        await database.query('begin')
        await database.query('select 1 from runs where id = $1 for update', [asked.runId])
        await waitFor(() => bench.callsFor(asked.key)[0]?.closedAt !== undefined, { what: "the provider's last word" })
        await bench.untilTokens(asked, 40)
        await worker.signal('SIGKILL')
        await database.query('rollback')
      })
      succeeded(bench, await bench.untilEnd(asked))
      bench.must(bench.callsFor(asked.key).length <= 2, 'the provider was asked more than twice')
      await bench.closeFollowers([asked])
    },
  },
  {
    id: 'F5',
    name: 'worker frozen in the middle of an answer, awake after another has finished it',
    holds: 'the zombie notices that it was overtaken and stops; nothing it says is seen',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 150, pace: 'interval=20' })
      await bench.untilTokens(asked, 40)
      const zombie = await bench.workerOf(asked.runId)
      await zombie.signal('SIGSTOP')
      succeeded(bench, await bench.untilEnd(asked))
      await zombie.signal('SIGCONT')
      await waitFor(async () => (await runningMetric(zombie.url)) === 0, {
        timeoutMs: 15_000,
        what: 'the zombie gives up',
      })
      bench.must((await bench.runRow(asked.runId)).attempt === 2, 'not exactly two attempts')
      await bench.closeFollowers([asked])
    },
  },
  {
    id: 'F6',
    name: 'all workers down',
    holds: 'questions are accepted and told that they are queued; answered when workers are back',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      await Promise.all(bench.cluster.workers.map((worker) => worker.signal('SIGTERM')))
      await Promise.all(bench.cluster.workers.map((worker) => worker.ended(20_000)))
      const asked = await Promise.all(Array.from({ length: 10 }, () => bench.ask({ tokens: 10 })))
      await asked[0]!.follower.until('a queued event', ({ event }) => event === 'queued')
      await Promise.all(bench.cluster.workers.map((worker) => worker.start()))
      for (const one of asked) succeeded(bench, await bench.untilEnd(one))
      await bench.closeFollowers(asked)
    },
  },
  {
    id: 'F8',
    name: 'a question that kills every worker that takes it',
    holds: 'after three attempts the run has failed; other questions are answered',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 500, pace: 'ttft=1500&interval=20' })
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await waitFor(
          async () => {
            const row = await bench.runRow(asked.runId)
            return row.status === 'running' && row.attempt === attempt
          },
          { timeoutMs: 30_000, what: `attempt ${attempt}` },
        )
        const worker = await bench.workerOf(asked.runId)
        await worker.signal('SIGKILL')
        await worker.start()
      }
      const other = await bench.ask({ tokens: 10 })
      succeeded(bench, await bench.untilEnd(other))
      bench.must((await bench.untilEnd(asked)) === 'failed', 'the run did not fail')
      bench.must((await bench.runRow(asked.runId)).code === 'attempts_exhausted', 'another reason than its attempts')
      await bench.closeFollowers([asked, other])
    },
  },
  {
    id: 'F9',
    name: 'a question delivered twice, during and after its answer',
    holds: 'one provider call, one attempt',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 60, pace: 'interval=20' })
      const again = (): Promise<void> =>
        publishRaw(bench.cluster.servers.rabbitUrl, {
          exchange: EXCHANGES.questions,
          routingKey: QUEUES.questions,
          messageId: asked.runId,
          body: JSON.stringify({ schemaVersion: 1, runId: asked.runId, sessionId: asked.sessionId }),
        })
      await bench.untilTokens(asked, 10)
      await Promise.all([again(), again(), again()])
      succeeded(bench, await bench.untilEnd(asked))
      await Promise.all([again(), again()])
      const next = await bench.ask({ sessionId: asked.sessionId, follower: asked.follower, tokens: 5 })
      succeeded(bench, await bench.untilEnd(next))
      bench.must(bench.callsFor(asked.key).length === 1, 'the provider was asked more than once')
      bench.must((await bench.runRow(asked.runId)).attempt === 1, 'more than one attempt')
      await bench.closeFollowers([asked])
    },
  },
]
