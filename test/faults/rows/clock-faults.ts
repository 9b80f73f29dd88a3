import { readFile } from 'node:fs/promises'
import { type ServiceProcess, sendRequest } from '@askwire/testing'
import type { Asked, Bench } from '../bench.ts'
import type { RunnableFault } from '../fault.ts'
import { readMetric } from '../read-metric.ts'
import { restart } from '../restart.ts'

const HOUR_MS = 3_600_000
/** Far less than the fault, far more than a busy machine needs to deliver an event. */
const NEAR_MS = 600_000
const SHIFT = new URL('../shift-clock.ts', import.meta.url).href
/** Questions of which each process of a kind is to get some, and how often they are asked until it has. */
const AT_ONCE = 12
const MAX_ROUNDS = 10

/** Processes that do not know what day it is. */
export const clockFaults: readonly RunnableFault[] = [
  {
    id: 'F40',
    name: 'clock off by an hour on one process: a worker, a gateway, an agent, ahead and behind',
    holds:
      'one attempt and one call each; tokens of every gateway are taken by every gateway and agent; questions keep their order, events tell the right time',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const { workers, gateways, agents } = bench.cluster
      for (const service of [workers[0], gateways[0], agents[0]]) {
        if (!service) throw new Error('the cluster has not all kinds of processes')
        try {
          for (const ms of [HOUR_MS, -HOUR_MS]) {
            await restart(service, { NODE_OPTIONS: `--import ${SHIFT}?ms=${ms}` })
            await mustBeWrong(bench, service, ms)
            await mustSignIn(bench)
            await mustAnswer(bench, service)
          }
        } finally {
          await restart(service, { NODE_OPTIONS: '' })
        }
      }
      mustNotRefuse(bench)
    },
  },
]

/** The process itself found its clock wrong by about so much: else nothing was tried here. */
async function mustBeWrong(bench: Bench, service: ServiceProcess, ms: number): Promise<void> {
  const lines = (await readFile(service.logFile, 'utf8')).split('\n')
  const told = lines.findLast((line) => line.includes('"offByMs"'))
  const offByMs = Number(/"offByMs":(-?\d+)/.exec(told ?? '')?.[1])
  bench.must(Math.abs(offByMs - ms) < 5000, `${service.name} is off by ${offByMs} ms and not by ${ms}`)
}

/** Who signs in at one gateway is known at all, and is given new tokens by all. */
async function mustSignIn(bench: Bench): Promise<void> {
  const { urls } = bench.cluster
  for (const [at, url] of urls.entries()) {
    const other = urls[(at + 1) % urls.length] ?? url
    const person = { email: `${crypto.randomUUID()}@example.com`, password: crypto.randomUUID(), name: 'Clock' }
    const entered = await sendRequest(`${url}/api/auth/register`, { method: 'POST', json: person })
    bench.must(entered.status === 201, `no account at gateway ${at + 1}: ${entered.status}`)
    const json = { refreshToken: entered.body.refreshToken }
    const renewed = await sendRequest(`${other}/api/auth/refresh`, { method: 'POST', json })
    bench.must(renewed.status === 200, `no new tokens for who signed in at gateway ${at + 1}: ${renewed.status}`)
    for (const token of [entered.body.accessToken, renewed.body.accessToken])
      for (const gateway of urls) {
        const headers = { authorization: `Bearer ${String(token)}` }
        const { status } = await sendRequest(`${gateway}/api/documents`, { headers })
        bench.must(status === 200, `${gateway} refuses a token with ${status}`)
      }
  }
}

/** Questions through both gateways, until the wrong process has had its part in some, and six in one session. */
async function mustAnswer(bench: Bench, service: ServiceProcess): Promise<void> {
  const { urls, agents } = bench.cluster
  const before = await partOf(bench, service, [])
  const all: Asked[] = []
  let part = before
  for (let round = 0; round < MAX_ROUNDS && part === before; round += 1) {
    const some = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, at) => bench.ask({ gateway: urls[at % urls.length] ?? '', tokens: 10 })),
    )
    for (const one of some) await mustEndWell(bench, one)
    all.push(...some)
    part = await partOf(bench, service, all)
  }
  bench.must(part > before, `${service.name} had no part in ${all.length} answers`)
  all.push(...(await askInTurn(bench)))
  await bench.closeFollowers(all)
  const refused = await Promise.all(agents.map(({ url }) => readMetric(url, 'askwire_agent_auth_refused_total')))
  bench.must(
    refused.every((count) => count === 0),
    `agents refused ${refused.join(' and ')} tokens`,
  )
}

/** How often the process had to do with the answers. A gateway has, by whom they are asked. */
async function partOf(bench: Bench, service: ServiceProcess, asked: readonly Asked[]): Promise<number> {
  if (service.kind === 'gateway') return asked.length
  if (service.kind === 'agent') return await readMetric(service.url, 'askwire_agent_tasks_ended_total')
  const rows = await Promise.all(asked.map(({ runId }) => bench.runRow(runId)))
  return rows.filter(({ worker }) => worker === service.name).length
}

/** Six questions of one session, through one gateway and the other in turn: they stand in the order they were accepted in. */
async function askInTurn(bench: Bench): Promise<Asked[]> {
  const { urls } = bench.cluster
  const first = await bench.ask({ gateway: urls[0] ?? '', tokens: 10 })
  const all = [first]
  for (let at = 1; at < 6; at += 1) {
    const { sessionId, follower } = first
    all.push(await bench.ask({ gateway: urls[at % urls.length] ?? '', tokens: 10, sessionId, follower }))
  }
  for (const one of all) await mustEndWell(bench, one)
  for (const at of urls.keys()) {
    const { body } = await bench.get(`/api/sessions/${first.sessionId}/messages?limit=100`, at)
    const messages = body.items as { role: string; content: string }[]
    const keys = messages.flatMap(({ role, content }) => (role === 'user' ? [content.split('run:')[1]] : []))
    const wanted = all.map(({ key }) => key).reverse()
    bench.must(keys.join() === wanted.join(), `the questions stand as ${keys.join()} and not as ${wanted.join()}`)
  }
  return all
}

async function mustEndWell(bench: Bench, asked: Asked): Promise<void> {
  const status = await bench.untilEnd(asked)
  bench.must(status === 'succeeded', `a run ended ${status}`)
  bench.must((await bench.runRow(asked.runId)).attempt === 1, 'a run took more than one attempt')
  bench.must(bench.callsFor(asked.key).length === 1, 'the provider was asked more than once')
  const wrong = asked.follower.record.events.find(
    ({ at, data }) => typeof data.at === 'string' && Math.abs(Date.parse(data.at) - at) > NEAR_MS,
  )
  bench.must(wrong === undefined, `an event tells ${String(wrong?.data.at)} for its time`)
}

function mustNotRefuse({ client, must }: Bench): void {
  must(
    client.asks.every(({ tries }) => tries.every(({ status }) => status !== 401)),
    'a question was refused with 401',
  )
  must(
    client.streams.every(({ connections }) => connections.every(({ status }) => status !== 401)),
    'a stream was refused with 401',
  )
}
