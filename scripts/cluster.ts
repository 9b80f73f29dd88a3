import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { arePortsFree, choosePorts } from '../packages/testing/src/servers/choose-ports.ts'
import {
  openDatabase,
  readServers,
  ServersUnavailable,
  startServers,
  stopServers,
} from '../packages/testing/src/servers/index.ts'
import { ownSecret } from '../services/standalone/src/own-secret.ts'
import { Children } from './lib/children.ts'

const USAGE = `usage: npm run cluster -- [options]

The distributed form on one machine: gateways, workers and an agent as processes, over this clone's own RabbitMQ,
PostgreSQL and Redis. Settings come from the environment (see .env.example); Ctrl-C stops everything.

  --port <number>       first gateway's port; the others follow (default 8787)
  --gateways <number>   1 to 8 (default 2)
  --workers <number>    1 to 8 (default 2)
  --knowledge <folder>  Markdown and text files to answer from (default: the docs of Askwire, or KNOWLEDGE_DIR)
  --help                this text`

const root = resolve(fileURLToPath(import.meta.url), '../..')
const AGENT = 'services/agent/src/main.ts'
/** Migrates the database and indexes a folder, then ends. */
const INDEX_COMMAND = (folder: string): string[] => [AGENT, '--migrate', '--index', folder]
const DATABASE = 'askwire'
const INDEX_TIMEOUT_MS = 5 * 60_000

// Variables that are already set win over the file.
if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'))

const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort())
const say = (line: string): void => console.log(line)

function readOptions() {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: { port: text, gateways: text, workers: text, knowledge: text, help: { type: 'boolean' } },
  })
  const number = (name: 'port' | 'gateways' | 'workers', fallback: number, from: number, to: number): number => {
    const value = Number(values[name] ?? fallback)
    if (!Number.isInteger(value) || value < from || value > to) throw new Error(`--${name} must be ${from} to ${to}`)
    return value
  }
  return {
    help: values.help ?? false,
    port: number('port', 8787, 1, 65_000),
    gateways: number('gateways', 2, 1, 8),
    workers: number('workers', 2, 1, 8),
    knowledge: resolve(values.knowledge ?? process.env.KNOWLEDGE_DIR ?? join(root, 'docs')),
  }
}

/** Kept from run to run, as the database is: it opens what is sealed there. */
function clusterSecret(): string {
  const folder = join(root, '.servers')
  mkdirSync(folder, { recursive: true })
  return ownSecret(folder, 'cluster-auth-secret')
}

async function runCluster(options: ReturnType<typeof readOptions>, children: Children): Promise<void> {
  const servers = await startServers({ log: (line) => say(`servers     ${line}`) })
  const gatewayPorts = Array.from({ length: options.gateways }, (_, index) => options.port + index)
  if (!(await arePortsFree(gatewayPorts))) throw new Error(`a port of ${gatewayPorts.join(', ')} is in use; try --port`)
  // Agent and workers are spoken to by this script and each other alone, so any port will do.
  const [agentPort, ...workerPorts] = await choosePorts(`cluster ${root}`, options.workers + 1)
  const agentUrl = `http://127.0.0.1:${agentPort}`
  const env = {
    ...process.env,
    ASKWIRE_DATABASE_URL: await openDatabase(servers, DATABASE),
    ASKWIRE_RABBIT_URL: servers.rabbitUrl,
    ASKWIRE_REDIS_URL: servers.redisUrl,
    ASKWIRE_AGENT_URL: agentUrl,
    // Lives as long as this run: nothing outside it speaks to the agent.
    ASKWIRE_SERVICE_TOKEN: randomBytes(32).toString('hex'),
    ASKWIRE_AUTH_SECRET: process.env.ASKWIRE_AUTH_SECRET ?? clusterSecret(),
    ASKWIRE_HOST: '127.0.0.1',
    ASKWIRE_LOG_LEVEL: process.env.ASKWIRE_LOG_LEVEL ?? 'warn',
  }
  const at = (port: number | undefined) => ({ ...env, ASKWIRE_PORT: String(port) })

  await children.run('index', INDEX_COMMAND(options.knowledge), at(0), INDEX_TIMEOUT_MS)
  children.start('agent', [AGENT], at(agentPort))
  await children.ready('agent', agentUrl)
  workerPorts.forEach((port, index) => {
    const id = `worker-${index + 1}`
    children.start(id, ['services/worker/src/main.ts'], { ...at(port), ASKWIRE_WORKER_ID: id })
  })
  gatewayPorts.forEach((port, index) => {
    const id = `gateway-${index + 1}`
    children.start(id, ['services/gateway/src/main.ts'], { ...at(port), ASKWIRE_GATEWAY_ID: id })
  })
  await Promise.all([
    ...workerPorts.map((port, index) => children.ready(`worker-${index + 1}`, `http://127.0.0.1:${port}`)),
    ...gatewayPorts.map((port, index) => children.ready(`gateway-${index + 1}`, `http://127.0.0.1:${port}`)),
  ])
  say('\nAskwire is running as a cluster.\n')
  for (const { name, pid, url } of children.list()) say(`  ${name.padEnd(12)} ${url.padEnd(24)} pid ${pid}`)
  const question = '{"mode":"stream","message":"What happens to my question when a worker dies?"}'
  const page = `http://127.0.0.1:${options.port}`
  say(`\nSign in at ${page}; the first account that is made there owns the installation. With an API token of yours:\n`)
  say(
    `  curl -N ${page}/api/chat -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '${question}'\n`,
  )
  await new Promise<void>((done) => stopped.signal.addEventListener('abort', () => done(), { once: true }))
}

async function main(): Promise<number> {
  const options = readOptions()
  if (options.help) {
    say(USAGE)
    return 0
  }
  const wereUp = readServers() !== undefined
  const children = new Children(root, stopped.signal, say)
  try {
    await runCluster(options, children)
    return 0
  } catch (error) {
    if (stopped.signal.aborted) return 0
    throw error
  } finally {
    say('Stopping.')
    await children.stop()
    if (!wereUp) await stopServers()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  const kind = error instanceof ServersUnavailable ? 'servers unavailable: ' : ''
  console.error(`cluster: ${kind}${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
