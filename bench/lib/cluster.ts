import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openAccounts } from '../../packages/testing/src/load/accounts.ts'
import { choosePorts } from '../../packages/testing/src/servers/choose-ports.ts'
import {
  createDatabase,
  createRedisDatabase,
  createVhost,
  type OwnSpace,
  type Servers,
} from '../../packages/testing/src/servers/index.ts'
import { Children } from '../../scripts/lib/children.ts'
import type { Bench } from './bench-context.ts'

export type ClusterOptions = {
  workers: number
  /** Answers at once per worker. */
  concurrency: number
  /** Arguments for the Node of the gateway, before its script. */
  gatewayNodeArgs?: string[]
  /** Writes a CPU profile of each service into this folder when it ends. */
  profileDir?: string | undefined
}

/** Askwire's services as processes of their own, on spaces of their own on the real servers. */
export type Cluster = {
  readonly gatewayUrl: string
  readonly databaseUrl: string
  readonly gateway: ChildProcess
  /** `Authorization` headers of the accounts that ask. */
  readonly auth: readonly string[]
  /** Process ids by name: gateway, workers, agent. */
  pids(): Record<string, number | undefined>
  addWorkers(total: number): Promise<void>
  stop(): Promise<void>
}

const MIGRATE_TIMEOUT_MS = 60_000
const MAX_WORKERS = 8
const ACCOUNTS = 4
/** So that no limit meant for people stands in the load's way. */
const LIMITS = {
  ASKWIRE_MAX_UNFINISHED_RUNS: '100000',
  ASKWIRE_REQUESTS_PER_MINUTE: '10000000',
  ASKWIRE_ADDRESS_REQUESTS_PER_MINUTE: '10000000',
  ASKWIRE_DRAIN_MS: '1000',
  // An agent that has more to do than processors is late, not lost.
  ASKWIRE_AGENT_CONNECT_MS: '60000',
}

export async function startCluster(bench: Bench, options: ClusterOptions): Promise<Cluster> {
  const children = new Children(bench.root, bench.signal, bench.say)
  const spaces: OwnSpace[] = []
  const stop = async (): Promise<void> => {
    await children.stop()
    for (const space of spaces) await space.drop()
  }
  try {
    return await start(bench, options, children, spaces, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  bench: Bench,
  options: ClusterOptions,
  children: Children,
  spaces: OwnSpace[],
  stop: () => Promise<void>,
): Promise<Cluster> {
  const { databaseUrl, rabbitUrl, redisUrl } = await openSpaces(bench.servers, spaces)
  const [gatewayPort, agentPort, ...workerPorts] = await choosePorts(`bench ${bench.root}`, 2 + MAX_WORKERS)
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`
  const agentUrl = `http://127.0.0.1:${agentPort}`
  const env = {
    ...process.env,
    ...LIMITS,
    ASKWIRE_DATABASE_URL: databaseUrl,
    ASKWIRE_RABBIT_URL: rabbitUrl,
    ASKWIRE_REDIS_URL: redisUrl,
    ASKWIRE_AGENT_URL: agentUrl,
    ASKWIRE_SERVICE_TOKEN: randomBytes(32).toString('hex'),
    ASKWIRE_AUTH_SECRET: randomBytes(32).toString('hex'),
    ASKWIRE_HOST: '127.0.0.1',
    ASKWIRE_LOG_LEVEL: 'warn',
    ASKWIRE_WORKER_CONCURRENCY: String(options.concurrency),
    ASKWIRE_MODEL_PROVIDER: 'openai',
    ASKWIRE_MODEL_BASE_URL: `${bench.fake.url}/v1`,
    ASKWIRE_MODEL: 'fake',
  }
  const at = (port: number | undefined) => ({ ...env, ASKWIRE_PORT: String(port) })
  const profile = (name: string): string[] =>
    options.profileDir === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${options.profileDir}`, `--cpu-prof-name=${name}.cpuprofile`]

  await children.run('migrate', ['services/agent/src/main.ts', '--migrate'], at(0), MIGRATE_TIMEOUT_MS)
  children.start('agent', [...profile('agent'), 'services/agent/src/main.ts'], at(agentPort))
  await children.ready('agent', agentUrl)
  const gateway = children.start(
    'gateway',
    [...profile('gateway'), ...(options.gatewayNodeArgs ?? []), 'services/gateway/src/main.ts'],
    at(gatewayPort),
  )
  await children.ready('gateway', gatewayUrl)

  const accounts = await openAccounts(() => [gatewayUrl], ACCOUNTS)
  const auth = Array.from({ length: ACCOUNTS }, (_, at) => accounts.headersOf(String.fromCodePoint(at)).authorization)
  accounts.close()

  let workers = 0
  const addWorkers = async (total: number): Promise<void> => {
    const from = workers
    for (; workers < total; workers += 1) {
      const name = `worker-${workers + 1}`
      const args = [...profile(name), 'services/worker/src/main.ts']
      children.start(name, args, { ...at(workerPorts[workers]), ASKWIRE_WORKER_ID: name })
    }
    for (let index = from; index < total; index += 1)
      await children.ready(`worker-${index + 1}`, `http://127.0.0.1:${workerPorts[index]}`)
    // Until the newcomers' consumers are known to the broker.
    await sleep(500, undefined, { signal: bench.signal })
  }
  await addWorkers(options.workers)
  const pids = () => Object.fromEntries(children.list().map(({ name, pid }) => [name, pid]))
  return { gatewayUrl, databaseUrl, gateway, auth, pids, addWorkers, stop }
}

async function openSpaces(servers: Servers, spaces: OwnSpace[]) {
  const own = async (create: (servers: Servers) => Promise<OwnSpace>): Promise<string> => {
    const space = await create(servers)
    spaces.push(space)
    return space.url
  }
  const databaseUrl = await own(createDatabase)
  return { databaseUrl, rabbitUrl: await own(createVhost), redisUrl: await own(createRedisDatabase) }
}
