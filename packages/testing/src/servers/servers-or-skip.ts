import { readServers, type Servers } from './servers.ts'

const HINT = 'start them with: npm run servers:up'

/**
 * The running servers, for the top of a test file. Without them the whole file is skipped, with a line that says so,
 * and with `CI=true` it fails instead.
 */
export function serversOrSkip(): Servers {
  const servers = readServers()
  if (servers !== undefined) return servers
  if (process.env.CI === 'true') throw new Error(`the real servers are not running; ${HINT}`)
  skipFile()
  process.stderr.write(`SKIPPED: this file needs real servers; ${HINT}\n`)
  return placeholder()
}

/**
 * Jest offers no call that skips a file from inside. Every block takes over its parent's mode, so the outermost one
 * decides; it is reached through the runner's state on the global object.
 */
function skipFile(): void {
  const key = Object.getOwnPropertySymbols(globalThis).find(({ description }) => description === 'JEST_STATE_SYMBOL')
  const state: unknown = key === undefined ? undefined : Reflect.get(globalThis, key)
  const block: unknown = isObject(state) ? state.currentDescribeBlock : undefined
  if (!isObject(block)) throw new Error(`the real servers are not running, and this runner cannot skip; ${HINT}`)
  block.mode = 'skip'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

// Read while a file is collected and never while a test runs: the urls lead nowhere.
function placeholder(): Servers {
  const refuse = (): never => {
    throw new Error(`the real servers are not running; ${HINT}`)
  }
  const control = { pid: undefined, answers: refuse, kill: refuse, start: refuse, stop: refuse, remove: refuse }
  const rabbitUrl = 'amqp://skipped.invalid'
  const rabbitManagementUrl = 'http://skipped.invalid'
  const postgresUrl = 'postgres://skipped.invalid/postgres'
  const redisUrl = 'redis://skipped.invalid/0'
  return {
    rabbitUrl,
    rabbitManagementUrl,
    postgresUrl,
    redisUrl,
    pids: { rabbit: undefined, postgres: undefined, redis: undefined },
    rabbit: {
      ...control,
      name: 'rabbit',
      url: rabbitUrl,
      managementUrl: rabbitManagementUrl,
      ctl: refuse,
      persistQueues: refuse,
    },
    postgres: { ...control, name: 'postgres', url: postgresUrl },
    redis: { ...control, name: 'redis', url: redisUrl },
  }
}
