import { waitFor } from '@askwire/testing'
import type { AgentSpoil } from '../agent-spoils.ts'
import type { Asked, Bench } from '../bench.ts'
import type { RunnableFault } from '../fault.ts'
import { restart } from '../restart.ts'
import { startFaultyAgent } from '../start-faulty-agent.ts'

/** What a spoil that is not the connection's does to the run: it has failed at once, with this code. */
const FAILS: Partial<Record<AgentSpoil, string>> = {
  'error-response': 'agent_failed',
  'http-400': 'agent_failed',
  'web-page': 'agent_failed',
  'error-event': 'agent_failed',
  garbage: 'agent_failed',
  'not-a-result': 'agent_failed',
  failed: 'agent_failed',
  'failed-typed': 'model_timeout',
  rejected: 'agent_failed',
  canceled: 'agent_failed',
  'completed-without-result': 'agent_failed',
}
/** An agent that did not take the question, or was stopped: asked again, at no cost. */
const FREE: readonly AgentSpoil[] = ['http-500', 'draining', 'overloaded', 'empty-stream', 'failed-draining']
/** An agent lost in the middle: asked again at the cost of a try, three times at the most. */
const LOST: readonly AgentSpoil[] = ['end', 'cut', 'unknown-state']
const MAX_TRIES = 3
/** At 20 ms each: an answer that has a middle on any machine. */
const TOKENS = 120

/** An agent that speaks A2A badly. */
export const faultyAgentFaults: readonly RunnableFault[] = [
  {
    id: 'F18',
    name: 'agent answers with an error, an error in the stream, garbage, a failed state, or ends without a state; 19 ways',
    holds:
      'never a success: a typed error at once; asked again when the agent was lost (three tries) or did not take it (at no cost), then whole',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const { workers, env } = bench.cluster
      const behind = env.ASKWIRE_AGENT_URL ?? ''
      const agent = await startFaultyAgent(behind)
      try {
        await Promise.all(workers.map((worker) => restart(worker, { ASKWIRE_AGENT_URL: agent.url })))
        const asked = await Promise.all([
          ...Object.entries(FAILS).map(([spoil, code]) => mustFail(bench, spoil, { code, tries: 1 })),
          ...LOST.map((spoil) => mustFail(bench, spoil, { code: 'agent_unavailable', tries: MAX_TRIES })),
          ...FREE.map((spoil) => mustRecover(bench, spoil, { tries: 1 })),
          ...LOST.map((spoil) => mustRecover(bench, spoil, { tries: 2 })),
        ])
        await waitFor(async () => (await agent.open()) === 0, { what: 'every stream of the faulty agent closed' })
        await bench.closeFollowers(asked)
      } finally {
        await Promise.all(workers.map((worker) => restart(worker, { ASKWIRE_AGENT_URL: behind })))
        await agent.close()
      }
    },
  },
]

/** Spoilt at each attempt: the run has failed with that code after so many tries, and its follower was told. */
async function mustFail(bench: Bench, spoil: string, wanted: { code: string; tries: number }): Promise<Asked> {
  const asked = await bench.ask({ tokens: TOKENS, pace: `interval=20&agent=${spoil}` })
  const status = await bench.untilEnd(asked)
  const { code } = await bench.runRow(asked.runId)
  bench.must(status === 'failed' && code === wanted.code, `${spoil} ended as ${status} with ${code}`)
  const told = asked.follower.record.events.find(({ event }) => event === 'error')?.data.error
  bench.must(isObject(told) && told.code === wanted.code, `${spoil}: the follower was not told ${wanted.code}`)
  await mustHaveTried(bench, spoil, asked, wanted.tries)
  return asked
}

/** Spoilt at the first attempt only: the second gives the whole answer. */
async function mustRecover(bench: Bench, spoil: AgentSpoil, { tries }: { tries: number }): Promise<Asked> {
  const asked = await bench.ask({ tokens: TOKENS, pace: `interval=20&agent=${spoil}&spoilt=1` })
  const status = await bench.untilEnd(asked)
  bench.must(status === 'succeeded', `${spoil}, once, ended as ${status}`)
  const { attempt } = await bench.runRow(asked.runId)
  bench.must(attempt === 2, `${spoil}, once, took ${attempt} attempts`)
  await mustHaveTried(bench, spoil, asked, tries)
  return asked
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

async function mustHaveTried(bench: Bench, spoil: string, { runId }: Asked, wanted: number): Promise<void> {
  const [row] = await bench.withDatabase((database) =>
    database.query<{ tries: number }>('select tries from runs where id = $1', [runId]),
  )
  bench.must(row?.tries === wanted, `${spoil} cost ${row?.tries} tries and not ${wanted}`)
}
