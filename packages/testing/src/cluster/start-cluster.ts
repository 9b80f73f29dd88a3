import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FakeModel, startFakeModel } from '../fake-model/index.ts'
import { type Accounts, openAccounts } from '../load/accounts.ts'
import { choosePorts } from '../servers/choose-ports.ts'
import type { Servers } from '../servers/index.ts'
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts'
import { type Balancer, balanceConnections } from './balance-connections.ts'
import { type ClusterServers, type OwnServers, openClusterServers } from './cluster-servers.ts'
import { createServiceProcess, runServiceCommand, type ServiceKind, type ServiceProcess } from './service-process.ts'

export type ClusterOptions = {
  servers: Servers
  name: string
  gateways?: number
  workers?: number
  agents?: number
  own?: OwnServers
  /** Seconds between heartbeats to the broker. */
  heartbeat?: number
  /** Environment of all services. */
  settings?: Record<string, string>
}

/** Gateways, workers and agents as real processes over real servers, with a fake model in this process. */
export type Cluster = {
  readonly servers: ClusterServers
  readonly fake: FakeModel
  readonly gateways: readonly ServiceProcess[]
  readonly workers: readonly ServiceProcess[]
  readonly agents: readonly ServiceProcess[]
  /** The cable between each process and the broker, by the process's name. */
  readonly brokerCable: ReadonlyMap<string, TcpProxy>
  readonly urls: readonly string[]
  /** Whom the virtual users act as. */
  readonly accounts: Accounts
  /** The environment that all its services share, secrets included. */
  readonly env: Readonly<NodeJS.ProcessEnv>
  /** Folder of the processes' logs. */
  readonly logs: string
  all(): readonly ServiceProcess[]
  /** Wakes what is frozen, starts what is dead, makes cables whole, and waits until all are ready. */
  heal(): Promise<void>
  close(): Promise<void>
}

/** Long enough for answers of a few seconds, short enough for tests: the same paths at a smaller scale. */
const TEST_SETTINGS = {
  ASKWIRE_LEASE_MS: '4000',
  ASKWIRE_DRAIN_MS: '8000',
  ASKWIRE_AGENT_IDLE_MS: '6000',
  ASKWIRE_AGENT_CONNECT_MS: '3000',
  ASKWIRE_MAX_UNFINISHED_RUNS: '100000',
  ASKWIRE_REQUESTS_PER_MINUTE: '1000000',
  ASKWIRE_ADDRESS_REQUESTS_PER_MINUTE: '1000000',
  ASKWIRE_ADDRESS_ATTEMPTS: '1000000',
  ASKWIRE_LOG_LEVEL: 'info',
}
const STOP_TIMEOUT_MS = 20_000

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const [servers, fake, logs] = await Promise.all([
    openClusterServers(options.servers, options.name, options.own ?? {}),
    startFakeModel({ maxRequests: 20_000 }),
    mkdtemp(join(tmpdir(), `askwire-${options.name}-`)),
  ])
  const counts = { gateway: options.gateways ?? 2, worker: options.workers ?? 2, agent: options.agents ?? 1 }
  const ports = await choosePorts(`cluster ${options.name} ${logs}`, counts.gateway + counts.worker + counts.agent)
  const agentPorts = ports.splice(0, counts.agent)
  const balancer = await balanceConnections(() => agentPorts)
  const brokerCable = new Map<string, TcpProxy>()
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    ASKWIRE_HOST: '127.0.0.1',
    ASKWIRE_DATABASE_URL: servers.databaseUrl,
    ASKWIRE_REDIS_URL: servers.redisUrl,
    ASKWIRE_SERVICE_TOKEN: randomBytes(32).toString('hex'),
    ASKWIRE_AUTH_SECRET: randomBytes(32).toString('hex'),
    ASKWIRE_AGENT_URL: balancer.url,
    ASKWIRE_MODEL_PROVIDER: 'openai',
    ASKWIRE_MODEL_BASE_URL: fake.baseUrl,
    ASKWIRE_MODEL: 'fake?answer=chain',
    ...TEST_SETTINGS,
    ...options.settings,
  }

  const create = async (kind: ServiceKind, number: number, port: number): Promise<ServiceProcess> => {
    const name = `${kind}-${number}`
    const id = kind === 'agent' ? {} : { [`ASKWIRE_${kind.toUpperCase()}_ID`]: name }
    const rabbit = kind === 'agent' ? {} : { ASKWIRE_RABBIT_URL: await cableUrl(name) }
    return createServiceProcess({
      name,
      kind,
      port,
      logFile: join(logs, `${name}.log`),
      env: { ...env, ...id, ...rabbit },
    })
  }
  const cableUrl = async (name: string): Promise<string> => {
    const url = new URL(servers.rabbitUrl)
    url.searchParams.set('heartbeat', String(options.heartbeat ?? 5))
    const cable = await startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } })
    brokerCable.set(name, cable)
    return cable.url(url.href)
  }
  const createAll = (kind: ServiceKind, from: readonly number[]): Promise<ServiceProcess[]> =>
    Promise.all(from.map((port, at) => create(kind, at + 1, port)))

  const agents = await createAll('agent', agentPorts)
  const gateways = await createAll('gateway', ports.slice(0, counts.gateway))
  const workers = await createAll('worker', ports.slice(counts.gateway))
  const all = [...agents, ...workers, ...gateways]
  const close = (): Promise<void> => closeCluster(all, { servers, fake, balancer, cables: [...brokerCable.values()] })
  let accounts: Accounts
  try {
    await runServiceCommand('agent', ['--migrate'], { ...env, ASKWIRE_PORT: '0' }, join(logs, 'migrate.log'))
    await Promise.all(all.map((service) => service.start()))
    accounts = await openAccounts(() => gateways.map(({ url }) => url))
  } catch (error) {
    await close()
    throw error
  }
  return {
    servers,
    fake,
    gateways,
    workers,
    agents,
    brokerCable,
    urls: gateways.map(({ url }) => url),
    accounts,
    env,
    logs,
    all: () => all,
    heal: async () => {
      for (const cable of brokerCable.values()) Object.assign(cable, { mode: 'pass', latencyMs: 0 })
      await Promise.all(all.map(revive))
    },
    close: async () => {
      accounts.close()
      await close()
    },
  }
}

async function revive(service: ServiceProcess): Promise<void> {
  if (!service.isAlive()) return await service.start()
  await service.signal('SIGCONT')
}

async function closeCluster(
  services: readonly ServiceProcess[],
  rest: { servers: ClusterServers; fake: FakeModel; balancer: Balancer; cables: readonly TcpProxy[] },
): Promise<void> {
  for (const service of services) {
    await service.signal('SIGCONT')
    await service.signal('SIGTERM')
  }
  for (const service of services) {
    await service.ended(STOP_TIMEOUT_MS).catch(() => service.signal('SIGKILL'))
  }
  await Promise.all([rest.fake.close(), rest.balancer.close(), ...rest.cables.map((cable) => cable.close())])
  await rest.servers.remove()
}
