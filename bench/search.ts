/**
 * Finding things among a million messages of a hundred people, on PostgreSQL: how long lists and searches take, with the plans of every
 * statement under them, and what the index on words costs a write. Stops with an error when messages are read one by one. Needs
 * `npm run servers:up`. Writes `bench/results/search.json` and `search-plans.txt`; with `--messages <number>` it tries less and writes nothing.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Scope } from '@askwire/contracts'
import { listMessages, listSessions, migrate, openStore, type Store, searchMessages } from '@askwire/store'
import { createDatabase, readServers } from '@askwire/testing'
import { fillMessages, MESSAGES, USERS } from './search/fill-messages.ts'
import { recordPlans } from './search/record-plans.ts'
import { measureWrites } from './search/write-cost.ts'

const WORDS = [
  'replication',
  'index storage',
  '"event log"',
  'cache -queue',
  'reconciler OR snapshot',
  '数据库',
  '备份 恢复',
  '消息队列',
]
/** In every message. */
const EVERYWHERE = 'answer'
const RESULTS = join(import.meta.dirname, 'results')

const { values } = parseArgs({ options: { messages: { type: 'string', default: String(MESSAGES) } } })
const messages = Number(values.messages)

const servers = readServers()
if (!servers) throw new Error('the real servers are not running; start them with: npm run servers:up')
const database = await createDatabase(servers)
const limits = { statementTimeoutMs: 600_000 }
try {
  const { scopes, times, size } = await onStore(async (store) => {
    await migrate(store)
    const startedAt = performance.now()
    const scopes = await fillMessages(store, messages)
    console.log(`${messages} messages of ${USERS} people in ${Math.round((performance.now() - startedAt) / 1000)} s`)
    return { scopes, times: await measureReads(store, scopes), size: await sizes(store) }
  })
  const plans = await recordPlans(database.url, scopes[7] ?? first(scopes), WORDS[1] ?? '')
  const writes = await measureWrites(servers, database.url, first(scopes))
  if (messages === MESSAGES) {
    await mkdir(RESULTS, { recursive: true })
    const result = { at: new Date().toISOString(), messages, people: USERS, times, writes, size }
    await writeFile(join(RESULTS, 'search.json'), `${JSON.stringify(result, null, 2)}\n`)
    await writeFile(join(RESULTS, 'search-plans.txt'), plans)
  }
  console.table(times)
  console.log({ writes, size })
  const read = plans.match(/(Parallel )?Seq Scan on (public\.)?messages.*/)
  if (read) throw new Error(`messages are read one by one: ${read[0]}`)
} finally {
  await database.drop()
}

async function onStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ url: database.url, ...limits })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

type Times = Record<string, { p50: number; p95: number; max: number; calls: number }>

async function measureReads(store: Store, scopes: readonly Scope[]): Promise<Times> {
  const times: Times = {}
  const measure = async (name: string, rounds: number, call: (scope: Scope, round: number) => Promise<unknown>) => {
    const taken: number[] = []
    for (let round = 0; round < rounds; round++)
      for (const scope of scopes) {
        const startedAt = performance.now()
        await call(scope, round)
        taken.push(performance.now() - startedAt)
      }
    taken.sort((one, other) => one - other)
    const at = (share: number): number => Math.round((taken[Math.floor((taken.length - 1) * share)] ?? 0) * 10) / 10
    times[name] = { p50: at(0.5), p95: at(0.95), max: at(1), calls: taken.length }
  }
  const page = { limit: 20 }
  for (const sort of ['updated', 'created', 'title'] as const)
    await measure(`list by ${sort}`, 3, (scope) => listSessions(store, scope, { ...page, sort }))
  await measure('list of a tag', 1, (scope) => listSessions(store, scope, { ...page, sort: 'updated', tag: 'tag 3' }))
  await measure('messages of a session', 1, async (scope) => {
    const { items } = await listSessions(store, scope, { limit: 1, sort: 'updated' })
    await listMessages(store, scope, items[0]?.id ?? '', page)
  })
  await measure('search', WORDS.length, (scope, round) =>
    searchMessages(store, scope, { ...page, q: WORDS[round] ?? '' }),
  )
  await measure('search of a word in everything', 1, (scope) =>
    searchMessages(store, scope, { ...page, q: EVERYWHERE }),
  )
  return times
}

async function sizes(store: Store): Promise<unknown> {
  const { rows } = await store.pool.query(`
    select pg_size_pretty(pg_table_size('messages')) as messages,
      pg_size_pretty(pg_relation_size('messages_search')) as "index"`)
  return rows[0]
}

function first(scopes: readonly Scope[]): Scope {
  const [scope] = scopes
  if (!scope) throw new Error('there is nobody')
  return scope
}
