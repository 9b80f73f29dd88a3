import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readServers, startServers, stopServers } from '../packages/testing/src/servers/index.ts'
import { Children } from '../scripts/lib/children.ts'
import type { Bench } from './lib/bench-context.ts'
import { startLoader } from './lib/loader-client.ts'
import { startFake } from './lib/start-fake.ts'
import { measureFlood, measureLength, measurePaced, measureShort, withAnswersCluster } from './parts/answers.ts'
import { measureFollowers } from './parts/idle-followers.ts'
import { measureScaling } from './parts/scaling.ts'
import { type PeerSet, startPeers } from './peers/start-peers.ts'
import { drawChart } from './report/draw-chart.ts'
import { renderTables } from './report/render-tables.ts'
import type { Results } from './report/results.ts'

const PARTS = ['paced', 'flood', 'short', 'length', 'followers', 'scaling'] as const
/** These share one cluster. */
const ANSWER_PARTS = ['paced', 'flood', 'short', 'length'] as const
type Part = (typeof PARTS)[number]
/** Nothing here may run for ever. */
const MAX_MINUTES = 20

const USAGE = `usage: npm run bench -- [options]

Measures the path of an answer on real servers and processes (1 gateway, 2 workers, 1 agent), side by side with a direct
connection to the fake model. Prints tables and writes JSON and a chart to bench/results/.

  --quick           fewer and smaller measurements (about a minute)
  --only <parts>    some of ${PARTS.join(', ')}; several with commas
  --peers           beside LangGraph's server and Portkey's relay too (installed on demand)
  --profile <dir>   write a CPU profile of each service into this folder (paced, flood, length)
  --help            this text`

const root = resolve(fileURLToPath(import.meta.url), '../..')
const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort(new Error('stopped')))
const late = setTimeout(() => stopped.abort(new Error(`not done in ${MAX_MINUTES} minutes`)), MAX_MINUTES * 60_000)
late.unref()
const startedAt = performance.now()
const say = (line: string): void =>
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}`)

function readOptions() {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    options: { quick: flag, only: { type: 'string' }, peers: flag, profile: { type: 'string' }, help: flag },
  })
  const parts = values.only === undefined ? [...PARTS] : values.only.split(',').map(requirePart)
  return { ...values, parts: new Set(parts), profile: values.profile && resolve(values.profile) }
}

function requirePart(name: string): Part {
  const part = PARTS.find((known) => known === name)
  if (part === undefined) throw new Error(`--only: ${name} is none of ${PARTS.join(', ')}`)
  return part
}

async function measureAll(bench: Bench, options: ReturnType<typeof readOptions>, results: Results): Promise<void> {
  const { parts } = options
  if (ANSWER_PARTS.some((part) => parts.has(part))) {
    await withAnswersCluster(bench, options.profile, async (cluster) => {
      if (parts.has('paced')) {
        results.paced = []
        await measurePaced(bench, cluster, results.paced)
      }
      if (parts.has('flood')) results.flood = await measureFlood(bench, cluster)
      if (parts.has('short')) results.short = await measureShort(bench, cluster)
      if (parts.has('length')) results.length = await measureLength(bench, cluster)
    })
  }
  if (parts.has('followers')) results.followers = await measureFollowers(bench)
  if (parts.has('scaling')) results.scaling = await measureScaling(bench)
  results.complete = true
}

/** A whole run replaces the committed results; any other is kept beside them and not committed. */
function writeResults(results: Results, options: ReturnType<typeof readOptions>): string {
  const whole =
    results.complete && !results.quick && options.parts.size === PARTS.length && options.profile === undefined
  const name = whole ? 'latest' : 'partial'
  const folder = join(root, 'bench/results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, undefined, 1)}\n`)
  writeFileSync(join(folder, `${name}.svg`), drawChart(results))
  return join('bench/results', name)
}

async function main(): Promise<void> {
  const options = readOptions()
  if (options.help) {
    console.log(USAGE)
    return
  }
  const wereUp = readServers() !== undefined
  const servers = await startServers({ log: say })
  const children = new Children(root, stopped.signal, say)
  const loader = startLoader(stopped.signal)
  let peers: PeerSet | undefined
  const results: Results = {
    startedAt: new Date().toISOString(),
    node: process.version,
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? '',
    quick: options.quick,
    complete: false,
  }
  try {
    const fake = await startFake(children, root)
    if (options.peers) peers = await startPeers({ root, fakeUrl: fake.url, signal: stopped.signal, say })
    const context = { root, servers, loader, fake, quick: options.quick, signal: stopped.signal, say }
    await measureAll({ ...context, peers: peers?.peers ?? [] }, options, results)
  } finally {
    // Also when something broke on the way: what was measured until then is not thrown away.
    const name = writeResults(results, options)
    console.log(`\n${renderTables(results)}\n\nwritten to ${name}.json and ${name}.svg`)
    await peers?.stop()
    await children.stop()
    await loader.stop()
    if (!wereUp) await stopServers()
  }
}

try {
  await main()
} catch (error) {
  console.error(`bench: ${error instanceof Error ? (error.stack ?? error.message) : error}`)
  process.exitCode = 1
}
