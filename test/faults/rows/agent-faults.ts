import { waitFor } from '@askwire/testing'
import type { Bench } from '../bench.ts'
import type { RunnableFault } from '../fault.ts'

const succeeded = (bench: Bench, status: string): void => bench.must(status === 'succeeded', `the run ended ${status}`)

/** The provider's failures after which a run has failed, with the codes that may be told. */
const BROKEN_PROVIDERS: readonly [string, readonly string[]][] = [
  ['fail=cut&after=5', ['model_failed', 'model_unavailable']],
  ['fail=garbage&after=5', ['model_failed']],
  ['fail=html', ['model_failed', 'model_rejected']],
  ['fail=error&after=5', ['model_failed', 'model_unavailable']],
  ['fail=no-end&after=5', ['model_failed', 'model_unavailable']],
  ['fail=giant-line&after=5', ['model_failed']],
  ['fail=400', ['model_rejected', 'model_failed']],
]

/** Agents killed and frozen; providers that fail in every way. */
export const agentFaults: readonly RunnableFault[] = [
  {
    id: 'F16',
    name: 'agents frozen before they answer',
    holds: 'the worker gives up after its connect time-out and asks again; answered once they are awake',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const { agents } = bench.cluster
      await Promise.all(agents.map((agent) => agent.signal('SIGSTOP')))
      const asked = await bench.ask({ tokens: 10 })
      await waitFor(async () => (await bench.runRow(asked.runId)).attempt >= 2, {
        timeoutMs: 15_000,
        what: 'a second try',
      })
      await Promise.all(agents.map((agent) => agent.signal('SIGCONT')))
      succeeded(bench, await bench.untilEnd(asked))
      await bench.closeFollowers([asked])
    },
  },
  {
    id: 'F17',
    name: 'agents frozen in the middle of an answer',
    holds: 'the idle time-out ends the run as failed with agent_timeout; the partial answer is kept',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 200, pace: 'interval=20' })
      await bench.untilTokens(asked, 20)
      await Promise.all(bench.cluster.agents.map((agent) => agent.signal('SIGSTOP')))
      bench.must((await bench.untilEnd(asked)) === 'failed', 'the run did not fail')
      bench.must((await bench.runRow(asked.runId)).code === 'agent_timeout', 'another reason than the time-out')
      await Promise.all(bench.cluster.agents.map((agent) => agent.signal('SIGCONT')))
      await bench.closeFollowers([asked])
    },
  },
  {
    id: 'F19',
    name: 'agent killed in the middle of answers',
    holds: 'a new attempt on the agent that lives gives the whole answer',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const asked = await Promise.all(Array.from({ length: 6 }, () => bench.ask({ tokens: 100, pace: 'interval=20' })))
      await Promise.all(asked.map((one) => bench.untilTokens(one, 20)))
      const [agent] = bench.cluster.agents
      await agent!.signal('SIGKILL')
      if (bench.cluster.agents.length === 1) await agent!.start()
      for (const one of asked) succeeded(bench, await bench.untilEnd(one))
      await bench.closeFollowers(asked)
    },
  },
  {
    id: 'F20',
    name: 'provider answers 429, 500, 503 first; or always',
    holds: 'asked again before the first token, in bounds; always failing is a typed error that names no key',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const passing = await Promise.all(
        ['fail=429&retryAfter=1', 'fail=500', 'fail=503'].map((fail, at) =>
          bench.ask({ tokens: 10, pace: `${fail}&times=1&ttft=${at}` }),
        ),
      )
      for (const one of passing) succeeded(bench, await bench.untilEnd(one))
      const lasting = await Promise.all(['fail=500', 'fail=429'].map((pace) => bench.ask({ tokens: 10, pace })))
      for (const one of lasting) bench.must((await bench.untilEnd(one)) === 'failed', 'a run did not fail')
      const codes = await Promise.all(lasting.map(async ({ runId }) => (await bench.runRow(runId)).code))
      bench.must(
        codes.every((code) => code?.startsWith('model_')),
        `told as ${codes.join(', ')}`,
      )
      bench.must(bench.callsFor(lasting[0]!.key).length <= 12, 'the provider was asked without bound')
      await bench.closeFollowers([...passing, ...lasting])
    },
  },
  {
    id: 'F21',
    name: 'provider sends garbage, a web page, half a line, a line of 10 MB, an error in the stream, no end',
    holds: 'a typed failure each, never a success; the agents live on',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const before = bench.cluster.agents.map(({ pid }) => pid)
      for (const [pace, codes] of BROKEN_PROVIDERS) {
        const asked = await bench.ask({ tokens: 10, pace })
        bench.must((await bench.untilEnd(asked)) === 'failed', `${pace} did not fail`)
        const { code } = await bench.runRow(asked.runId)
        bench.must(codes.includes(code ?? ''), `${pace} was told as ${code}`)
        await bench.closeFollowers([asked])
      }
      bench.must(
        bench.cluster.agents.every(({ pid }, at) => pid === before[at]),
        'an agent died',
      )
    },
  },
  {
    id: 'F42',
    name: 'giant payloads: a body of 5 MB, a question of 90 000 characters',
    holds: '413 without reading it all; the long question is answered',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const response = await fetch(`${bench.cluster.urls[0]}/api/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bench.cluster.accounts.headersOf(bench.id) },
        body: JSON.stringify({ message: 'x'.repeat(5_000_000) }),
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined)
      bench.must(response === undefined || response.status === 413, `told ${response?.status}`)
      const asked = await bench.ask({ tokens: 10, padding: 90_000 })
      succeeded(bench, await bench.untilEnd(asked))
      await bench.closeFollowers([asked])
    },
  },
  {
    id: 'F43',
    name: 'provider floods 20 000 tokens as fast as it can, eight times at once',
    holds: 'every token once and in order; the followers of others are not held up',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const floods = await Promise.all(
        Array.from({ length: 8 }, () => bench.ask({ tokens: 20_000, pace: 'interval=0' })),
      )
      const calm = await bench.ask({ tokens: 10 })
      succeeded(bench, await bench.untilEnd(calm))
      for (const one of floods) succeeded(bench, await bench.untilEnd(one))
      await bench.closeFollowers([calm, ...floods])
    },
  },
]
