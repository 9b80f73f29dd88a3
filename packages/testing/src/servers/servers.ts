import { createHash, randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { arePortsFree, choosePorts } from './choose-ports.ts'
import { createComposeDriver, hasCompose } from './compose/compose-driver.ts'
import type { Driver, Log } from './driver.ts'
import { nativeDriver } from './native/native-driver.ts'
import { installServers } from './native/packages.ts'
import { chooseDataRoot } from './native/run-as.ts'
import {
  controlPostgres,
  controlRabbit,
  controlRedis,
  type PostgresServer,
  type RabbitServer,
  type RedisServer,
  startInstance,
  stopInstance,
} from './server-control.ts'
import {
  DEFAULT_ROOT,
  type Instance,
  readState,
  type ServerKind,
  type State,
  serversFolder,
  writeState,
} from './state.ts'
import { withLock } from './with-lock.ts'

/** The three real servers. Urls hold random passwords of this clone: never log them. */
export type Servers = {
  readonly rabbitUrl: string
  readonly rabbitManagementUrl: string
  /** A superuser's, of the database `postgres`; tests take their own with `createDatabase`. */
  readonly postgresUrl: string
  readonly redisUrl: string
  /** Read from the state file at every look; `undefined` for a server that is down or in a container. */
  readonly pids: { rabbit: number | undefined; postgres: number | undefined; redis: number | undefined }
  readonly rabbit: RabbitServer
  readonly postgres: PostgresServer
  readonly redis: RedisServer
}

export type ServersOptions = {
  /** The clone the servers belong to; default: the one this file is in. */
  root?: string
  log?: Log
}

/** Long enough for another process that is installing packages. */
const LOCK_TIMEOUT_MS = 20 * 60_000
const DRIVERS: Record<State['driver'], Driver> = { native: nativeDriver, compose: createComposeDriver() }
const PORT_NAMES: Record<ServerKind, readonly string[]> = {
  epmd: ['epmd'],
  rabbit: ['amqp', 'management', 'dist'],
  postgres: ['postgres'],
  redis: ['redis'],
}

/**
 * Private RabbitMQ, PostgreSQL with pgvector and Redis of this clone, on loopback, answering. Those that already run are
 * taken as they are, the others are started, installed first if need be. Throws `ServersUnavailable` where there is no way.
 */
export async function startServers({ root = DEFAULT_ROOT, log = () => {} }: ServersOptions = {}): Promise<Servers> {
  return await withLock(`servers ${resolve(root)}`, LOCK_TIMEOUT_MS, async () => {
    const driver = await prepare(root, log)
    for (const group of driver.set) {
      await Promise.all(group.map(async ({ name }) => await startInstance(root, driver, name)))
    }
    return open(root, driver)
  })
}

/** Stops every server of the clone, additional ones too, and keeps their data and ports for the next start. */
export async function stopServers({ root = DEFAULT_ROOT, log = () => {} }: ServersOptions = {}): Promise<void> {
  await withLock(`servers ${resolve(root)}`, LOCK_TIMEOUT_MS, async () => {
    const state = readState(root)
    if (state === undefined) return
    const driver = DRIVERS[state.driver]
    const names = Object.keys(state.instances)
    // The name service last: a broker says goodbye to it.
    const ordered = [names.filter((name) => name !== 'epmd'), names.filter((name) => name === 'epmd')]
    for (const group of ordered) {
      await Promise.all(group.map(async (name) => await stopInstance(root, driver, name, 'fast')))
    }
    log(`stopped ${names.length} servers`)
  })
}

/** The clone's servers when all three run now (which is not yet to say that they answer). */
export function readServers(root: string = DEFAULT_ROOT): Servers | undefined {
  const state = readState(root)
  if (state === undefined) return undefined
  const driver = DRIVERS[state.driver]
  const all = driver.set.flat().map(({ name }) => state.instances[name])
  const running = all.every((instance) => instance !== undefined && driver.isRunning(state, instance))
  return running ? open(root, driver) : undefined
}

export type AdditionalOptions = ServersOptions & { name: string }

/** Another private RabbitMQ, for tests that stop or kill one. Its `name` is made unique; `remove()` it at the end. */
export async function startRabbit(options: AdditionalOptions): Promise<RabbitServer> {
  return await startAdditional('rabbit', controlRabbit, options)
}

/** Another private PostgreSQL with pgvector, as `startRabbit`. */
export async function startPostgres(options: AdditionalOptions): Promise<PostgresServer> {
  return await startAdditional('postgres', controlPostgres, options)
}

/** Another private Redis, as `startRabbit`. */
export async function startRedis(options: AdditionalOptions): Promise<RedisServer> {
  return await startAdditional('redis', controlRedis, options)
}

async function startAdditional<T>(
  kind: ServerKind,
  control: (root: string, driver: Driver, name: string) => T,
  { name, root = DEFAULT_ROOT, log = () => {} }: AdditionalOptions,
): Promise<T> {
  const unique = `${kind}-${name}-${randomBytes(3).toString('hex')}`
  const driver = await withLock(`servers ${resolve(root)}`, LOCK_TIMEOUT_MS, async () => {
    const driver = await prepare(root, log)
    if (kind === 'rabbit' && driver === nativeDriver) await startInstance(root, driver, 'epmd')
    const state = readState(root)!
    const instance = await newInstance(state, unique, kind)
    writeState(root, { ...state, instances: { ...state.instances, [unique]: instance } })
    return driver
  })
  await startInstance(root, driver, unique)
  return control(root, driver, unique)
}

/** Makes sure that servers can be had and that the state file knows them; decides once between containers and processes. */
async function prepare(root: string, log: Log): Promise<Driver> {
  const remembered = readState(root)
  const name = remembered?.driver ?? ((await hasCompose()) ? 'compose' : 'native')
  if (name === 'native') await installServers(log)
  const driver = DRIVERS[name]
  writeState(root, await completeState(root, name, remembered))
  return driver
}

async function completeState(root: string, driver: State['driver'], remembered: State | undefined): Promise<State> {
  const id = remembered?.id ?? createHash('sha256').update(resolve(root)).digest('hex').slice(0, 8)
  const state: State = remembered ?? {
    version: 1,
    driver,
    dataRoot: driver === 'native' ? chooseDataRoot(root, id) : serversFolder(root),
    id,
    cookie: randomBytes(24).toString('hex'),
    instances: {},
  }
  const instances = { ...state.instances }
  for (const { name, kind } of DRIVERS[driver].set.flat()) {
    const known = instances[name]
    if (known !== undefined && DRIVERS[driver].isRunning(state, known)) continue
    // Somebody else may have taken the ports while the server was down.
    if (known !== undefined && (await arePortsFree(Object.values(known.ports)))) continue
    const fresh = await newInstance({ ...state, instances }, name, kind)
    instances[name] = known === undefined ? fresh : { ...known, ports: fresh.ports }
  }
  return { ...state, instances }
}

async function newInstance({ id, instances }: State, name: string, kind: ServerKind): Promise<Instance> {
  const names = PORT_NAMES[kind]
  // Ports of our own stopped servers look free and are not.
  const reserved = new Set(Object.values(instances).flatMap(({ ports }) => Object.values(ports)))
  const chosen = await choosePorts(`${id} ${name}`, names.length, reserved)
  const ports = Object.fromEntries(names.map((portName, index) => [portName, chosen[index]!]))
  return { name, kind, ports, password: randomBytes(24).toString('hex'), running: false }
}

function open(root: string, driver: Driver): Servers {
  const rabbit = controlRabbit(root, driver, 'rabbit')
  const postgres = controlPostgres(root, driver, 'postgres')
  const redis = controlRedis(root, driver, 'redis')
  return {
    rabbitUrl: rabbit.url,
    rabbitManagementUrl: rabbit.managementUrl,
    postgresUrl: postgres.url,
    redisUrl: redis.url,
    get pids() {
      return { rabbit: rabbit.pid, postgres: postgres.pid, redis: redis.pid }
    },
    rabbit,
    postgres,
    redis,
  }
}
