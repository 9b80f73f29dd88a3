/**
 * What row security costs: one gateway on PostgreSQL as it is, one whose every statement runs as the owner of the tables (a switch that
 * only this file has), asked by turns. Reads per second, and the time until a question is accepted. Needs `npm run servers:up`.
 */
import { randomBytes } from 'node:crypto'
import { createMemoryBroker } from '@askwire/broker'
import { createMemoryEventLog, createMemoryNoticeLog, createMemoryRateLimiter } from '@askwire/cache'
import { newId, topology } from '@askwire/contracts'
import { createGateway, gatewaySettings } from '@askwire/gateway'
import { createLogger, createMetrics, systemClock } from '@askwire/runtime'
import { migrate, openStore, type Store } from '@askwire/store'
import { createDatabase, readServers } from '@askwire/testing'
import { withoutRowSecurity } from '../packages/store/test/support/without-row-security.ts'
import { signUp } from '../test/support/sign-up.ts'

const ROUNDS = 8
const READS = 600
const AT_ONCE = 8
const QUESTIONS = 40
const MANY = '10000000'
const settings = {
  ASKWIRE_PORT: '0',
  ASKWIRE_REQUESTS_PER_MINUTE: MANY,
  ASKWIRE_ADDRESS_REQUESTS_PER_MINUTE: MANY,
  ASKWIRE_MAX_UNFINISHED_RUNS: '1000000',
}

const servers = readServers()
if (!servers) throw new Error('the real servers are not running; start them with: npm run servers:up')
const database = await createDatabase(servers)
const store = await openStore({ url: database.url })
const closing: (() => Promise<void>)[] = []
try {
  await migrate(store)
  const secret = randomBytes(32).toString('base64url')
  const on = await startGateway(store, secret)
  const off = await startGateway(withoutRowSecurity(store), secret)
  const { auth } = await signUp(on, 'owner@example.com')
  const { sessionId, runId } = await ask(on, auth)
  const paths = { messages: `/api/sessions/${sessionId}/messages`, run: `/api/runs/${runId}` }
  const measured: Record<string, { on: number[]; off: number[] }> = {}
  const note = (name: string, how: 'on' | 'off', value: number): void => {
    measured[name] ??= { on: [], off: [] }
    measured[name][how].push(value)
  }
  for (let round = 0; round <= ROUNDS; round++) {
    // Each goes first as often as the other; the first round warms up.
    const order = round % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const)
    for (const how of order) {
      const url = how === 'on' ? on : off
      for (const [name, path] of Object.entries(paths)) {
        const perSecond = await readsPerSecond(url + path, auth)
        if (round > 0) note(`reads/s, ${name}`, how, perSecond)
      }
      const ms = await acceptMs(url, auth)
      if (round > 0) note('ms until accepted', how, ms)
    }
  }
  const rows = Object.entries(measured).map(([name, { on, off }]) => {
    const [with_, without] = [median(on), median(off)]
    return [name, { on: with_.toFixed(2), off: without.toFixed(2), 'on / off': (with_ / without).toFixed(3) }]
  })
  console.table(Object.fromEntries(rows))
} finally {
  for (const close of closing.reverse()) await close()
  await store.close()
  await database.drop()
}

async function startGateway(store: Store, secret: string): Promise<string> {
  const logger = createLogger({ name: 'bench', level: 'silent' })
  const config = gatewaySettings.parse(settings)
  const [broker, log, limiter] = [
    createMemoryBroker({ topology: topology(), logger }),
    createMemoryEventLog(),
    createMemoryRateLimiter(),
  ]
  await broker.start()
  const metrics = createMetrics('gateway', { process: false })
  const notices = { log: createMemoryNoticeLog(), tell: () => {}, tellAtMost: () => {}, dropHeldBack: () => {} }
  const gateway = createGateway(
    config,
    { store, log, limiter, notices, broker, clock: systemClock, logger, metrics },
    { ASKWIRE_AUTH_SECRET: secret },
  )
  closing.push(async () => {
    await gateway.close()
    await broker.close()
  })
  return (await gateway.start()).url
}

async function ask(url: string, auth: Record<string, string>): Promise<{ sessionId: string; runId: string }> {
  const body = JSON.stringify({ message: `what does it cost? ${newId()}`, mode: 'async' })
  const headers = { ...auth, 'content-type': 'application/json' }
  const response = await fetch(`${url}/api/chat`, { method: 'POST', headers, body })
  if (response.status !== 202) throw new Error(`not accepted: ${response.status} ${await response.text()}`)
  return (await response.json()) as { sessionId: string; runId: string }
}

async function acceptMs(url: string, auth: Record<string, string>): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < QUESTIONS; at++) {
    const startedAt = performance.now()
    await ask(url, auth)
    times.push(performance.now() - startedAt)
  }
  return median(times)
}

async function readsPerSecond(url: string, headers: Record<string, string>): Promise<number> {
  let left = READS
  const startedAt = performance.now()
  const reader = async (): Promise<void> => {
    while (left-- > 0) {
      const response = await fetch(url, { headers })
      await response.arrayBuffer()
      if (response.status !== 200) throw new Error(`${url}: ${response.status}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, reader))
  return READS / ((performance.now() - startedAt) / 1000)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
