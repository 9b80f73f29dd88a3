import type { Driver, StopMode } from './driver.ts'
import { answers, waitUntilAnswers } from './probe.ts'
import { type Instance, readState, type State, updateInstance } from './state.ts'
import { postgresUrl, rabbitManagementUrl, rabbitUrl, redisUrl } from './urls.ts'

const START_TIMEOUT_MS = 90_000

/** One server in the hands of a test: it may be stopped, killed, frozen and started again as often as needed. */
export type ServerControl = {
  readonly name: string
  /** The server's process now; `undefined` while it is down or runs in a container. */
  readonly pid: number | undefined
  /** True when it does real work for a client now; answers within 4 s. */
  answers(): Promise<boolean>
  /**
   * Sends a signal to the server, with `tree` to its child processes too (PostgreSQL's sessions are such). Resolves
   * when it was sent; for SIGKILL when the server and all its children are gone.
   */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT', options?: { tree?: boolean }): Promise<void>
  /** Starts it on the same port with the same data and resolves once it answers; wakes it first if it was frozen. */
  start(): Promise<void>
  /** Stops it in order, by force after 20 s. For PostgreSQL, `immediate` skips the orderly part: it recovers at the next start. */
  stop(mode?: StopMode): Promise<void>
  /** Stops it and deletes its data. */
  remove(): Promise<void>
}

/** `url` has no vhost: the default one. `ctl` runs `rabbitmqctl` (a second or two) and returns its output. */
export type RabbitServer = ServerControl & {
  readonly url: string
  readonly managementUrl: string
  ctl(args: readonly string[]): Promise<string>
  /**
   * Makes newly declared quorum queues survive a SIGKILL. RabbitMQ writes the directory of its queues' logs about a
   * second late (measured on 3.10.8): a queue declared and killed within that second comes back without a leader, for ever.
   */
  persistQueues(): Promise<void>
}
/** `url` is a superuser's, of the database `postgres`. */
export type PostgresServer = ServerControl & { readonly url: string }
export type RedisServer = ServerControl & { readonly url: string }

export function controlRabbit(root: string, driver: Driver, name: string): RabbitServer {
  const { instance } = look(root, name)
  return {
    ...control(root, driver, name),
    // A spread would freeze the getter's value of now.
    get pid() {
      return pidOf(root, name)
    },
    url: rabbitUrl(instance),
    managementUrl: rabbitManagementUrl(instance),
    ctl: async (args) => {
      const now = look(root, name)
      return await driver.ctl(now.state, now.instance, args)
    },
    persistQueues: async () => {
      const now = look(root, name)
      await driver.ctl(now.state, now.instance, ['eval', '[dets:sync(Table) || Table <- dets:all()].'])
    },
  }
}

export function controlPostgres(root: string, driver: Driver, name: string): PostgresServer {
  return {
    ...control(root, driver, name),
    get pid() {
      return pidOf(root, name)
    },
    url: postgresUrl(look(root, name).instance),
  }
}

export function controlRedis(root: string, driver: Driver, name: string): RedisServer {
  return {
    ...control(root, driver, name),
    get pid() {
      return pidOf(root, name)
    },
    url: redisUrl(look(root, name).instance),
  }
}

// Every call reads the state anew: another process may have restarted the server since.
function control(root: string, driver: Driver, name: string): Omit<ServerControl, 'pid'> {
  return {
    name,
    answers: async () => await answers(look(root, name).instance),
    kill: async (signal, { tree = false } = {}) => {
      const { state, instance } = look(root, name)
      await driver.signal(state, instance, signal, tree)
    },
    start: async () => await startInstance(root, driver, name),
    stop: async (mode = 'fast') => await stopInstance(root, driver, name, mode),
    remove: async () => {
      await stopInstance(root, driver, name, 'immediate')
      const { state, instance } = look(root, name)
      await driver.remove(state, instance)
      await updateInstance(root, name, undefined)
    },
  }
}

/** Launches the instance unless it runs, and waits until it answers (at most 90 s). */
export async function startInstance(root: string, driver: Driver, name: string): Promise<void> {
  const { state, instance } = look(root, name)
  let current = instance
  if (driver.isRunning(state, instance)) {
    await driver.signal(state, instance, 'SIGCONT', true)
  } else {
    current = await driver.launch(state, instance)
    await updateInstance(root, name, current)
  }
  try {
    await waitUntilAnswers(current, START_TIMEOUT_MS, () => !driver.isRunning(state, current))
  } catch (error) {
    throw new Error(`${name} did not start; its log: ${driver.logHint(state, current)}`, { cause: error })
  }
}

export async function stopInstance(root: string, driver: Driver, name: string, mode: StopMode): Promise<void> {
  const { state, instance } = look(root, name)
  await driver.stop(state, instance, mode)
  const { process: _, ...rest } = instance
  await updateInstance(root, name, { ...rest, running: false })
}

function look(root: string, name: string): { state: State; instance: Instance } {
  const state = readState(root)
  const instance = state?.instances[name]
  if (state === undefined || instance === undefined) throw new Error(`there is no server named ${name}`)
  return { state, instance }
}

function pidOf(root: string, name: string): number | undefined {
  return readState(root)?.instances[name]?.process?.pid
}
