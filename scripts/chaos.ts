import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  type Cluster,
  describeVerdict,
  type OwnServers,
  readServers,
  ServersUnavailable,
  startCluster,
  startServers,
  stopServers,
} from '../packages/testing/src/index.ts'
import { createBench } from '../test/faults/bench.ts'
import { isRunnable, type RunnableFault } from '../test/faults/fault.ts'
import { FAULTS } from '../test/faults/faults.ts'
import { measureStops } from '../test/faults/measure-stops.ts'
import { runChaos } from '../test/faults/run-chaos.ts'
import { runFault } from '../test/faults/run-fault.ts'

const USAGE = `usage: npm run chaos -- [options]

Gateways, workers and agents as processes over servers of their own; things go wrong; a checker decides.

  --seed <number>       faults and load drawn from this seed (default 1)
  --minutes <number>    a load under random faults for so long (default 10)
  --users <number>      virtual users of that load (default 20)
  --faults <text>       only faults of that load whose name contains this, such as Redis
  --only <ids>          instead: these rows of the table, such as F2 or F1,F11; "all" for every one
  --stops <number>      instead: so many stops at random moments, and how soon the provider is left
  --list                the table
  --help                this text

The exit code is 0 when nothing was lost, doubled, misrouted or out of order.`

const EXIT_UNAVAILABLE = 3
const MAX_STOP_MS = 1000
const startedAt = performance.now()
const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort())

function say(line: string): void {
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)}  ${line}`)
}

function list(): number {
  for (const fault of FAULTS) {
    const about = isRunnable(fault) ? `${fault.smoke ? '*' : ' '} ${fault.holds}` : `- ${fault.notHere}`
    console.log(`${fault.id.padEnd(4)} ${fault.name}\n       ${about}`)
  }
  console.log('\n* also a part of npm test; - not provoked here')
  return 0
}

async function withCluster(own: OwnServers, work: (cluster: Cluster) => Promise<boolean>): Promise<boolean> {
  const servers = await startServers({ log: say })
  const cluster = await startCluster({ servers, name: 'chaos', gateways: 2, workers: 3, agents: 2, own })
  say(`2 gateways, 3 workers and 2 agents run; their logs: ${cluster.logs}`)
  try {
    return await work(cluster)
  } finally {
    await cluster.close()
  }
}

async function runRows(ids: string, seed: number): Promise<boolean> {
  const wanted = ids === 'all' ? FAULTS.filter(isRunnable) : ids.split(',').map(findRow)
  const own: OwnServers = Object.assign({}, ...wanted.map(({ spoils }) => spoils))
  return await withCluster(own, async (cluster) => {
    const failed: string[] = []
    for (const fault of wanted) {
      if (stopped.signal.aborted) break
      say(`${fault.id} ${fault.name}`)
      const { passed, verdict, error, ms } = await runFault(fault, cluster, { seed, say })
      if (!passed) failed.push(fault.id)
      say(
        `${fault.id} ${passed ? 'passed' : 'FAILED'} after ${(ms / 1000).toFixed(1)} s${error ? `: ${error.message}` : ''}`,
      )
      say(describeVerdict(verdict))
    }
    say(
      `${wanted.length - failed.length} of ${wanted.length} rows passed${failed.length > 0 ? `; not: ${failed.join(', ')}` : ''}`,
    )
    return failed.length === 0 && !stopped.signal.aborted
  })
}

function findRow(id: string): RunnableFault {
  const fault = FAULTS.find((one) => one.id === id)
  if (!fault) throw new Error(`there is no fault ${id}; see --list`)
  if (!isRunnable(fault)) throw new Error(`${id} cannot be provoked here: ${fault.notHere}`)
  return fault
}

async function runStops(count: number, seed: number): Promise<boolean> {
  return await withCluster({}, async (cluster) => {
    const bench = createBench(cluster, 'stops', seed, say)
    const { closed, p50, p99, max } = await measureStops(bench, count)
    say(
      `${count} stops; ${closed} met an open provider socket, closed after p50 ${p50} ms, p99 ${p99} ms, most ${max} ms`,
    )
    return closed > 0 && p99 <= MAX_STOP_MS
  })
}

async function runRandom(minutes: number, users: number, seed: number, faultsWith: string): Promise<boolean> {
  return await withCluster({ rabbit: true, postgres: true, redis: true }, async (cluster) => {
    const { signal } = stopped
    const { verdict, recording, faults, failures } = await runChaos(cluster, {
      seed,
      users,
      faultsWith,
      durationMs: minutes * 60_000,
      say,
      signal,
    })
    for (const [name, count] of [...faults].sort()) say(`${String(count).padStart(4)} × ${name}`)
    for (const [code, count] of failures) say(`${String(count).padStart(4)} runs ended with ${code}`)
    say(`seed ${seed}: ${describeVerdict(verdict)}`)
    if (!verdict.passed) {
      const file = join(cluster.logs, 'recording.json')
      await writeFile(file, JSON.stringify(recording), { mode: 0o600 })
      say(`what was recorded: ${file}`)
    }
    return verdict.passed
  })
}

function numberOf(value: string, name: string): number {
  const number = Number(value)
  if (!Number.isFinite(number) || number <= 0) throw new Error(`--${name} must be a number above 0`)
  return number
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    options: {
      seed: text,
      minutes: text,
      users: text,
      faults: text,
      only: text,
      stops: text,
      list: flag,
      help: flag,
    },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  if (values.list) return list()
  const seed = numberOf(values.seed ?? '1', 'seed')
  const wereUp = readServers() !== undefined
  try {
    if (values.only !== undefined) return (await runRows(values.only, seed)) ? 0 : 1
    if (values.stops !== undefined) return (await runStops(numberOf(values.stops, 'stops'), seed)) ? 0 : 1
    const [minutes, users] = [numberOf(values.minutes ?? '10', 'minutes'), numberOf(values.users ?? '20', 'users')]
    return (await runRandom(minutes, users, seed, values.faults ?? '')) ? 0 : 1
  } finally {
    if (!wereUp) await stopServers()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`chaos: ${error instanceof Error ? error.message : error}`)
  process.exitCode = error instanceof ServersUnavailable ? EXIT_UNAVAILABLE : 1
}
