import { newId, type Scope, type Usage } from '@askwire/contracts'
import { acceptQuestion, claimRun, finishRun, markLogged, openStore, type Store } from '@askwire/store'
import { createDatabase, type Servers } from '@askwire/testing'

const ROUNDS = 14
const WRITES = 100
const USAGE: Usage = {
  ...{ inputTokens: 1, outputTokens: 1, totalTokens: 2, reasoningTokens: 0, cachedTokens: 0 },
  ...{ estimated: true, costMicros: 0, currency: 'USD' },
}

/**
 * What the index on words costs a write, by turns on the database as it is and on a copy of it without that index, and on one without its
 * columns too. `answer`: a question accepted, claimed, answered and marked, as the services do it. `message`: a bare row by a statement of its
 * own. Milliseconds each and ratios of one round, by the median of rounds.
 */
export async function measureWrites(servers: Servers, url: string, scope: Scope): Promise<Record<string, unknown>> {
  const copies = [await copyOf(servers, url), await copyOf(servers, url)] as const
  const stores = {
    indexed: await openStore({ url }),
    unindexed: await openStore({ url: copies[0].url }),
    bare: await openStore({ url: copies[1].url }),
  }
  try {
    await stores.unindexed.pool.query('drop index messages_search, sessions_search')
    await stores.bare.pool.query('alter table messages drop column search')
    await stores.bare.pool.query('alter table sessions drop column search')
    const { rows: samples } = await stores.indexed.pool.query<{ content: string }>(
      'select content from messages where user_id = $1 limit $2',
      [scope.userId, WRITES],
    )
    const texts = samples.map(({ content }) => content)
    return {
      answer: await byTurns(stores, (store) => answerAll(store, scope, texts)),
      message: await byTurns(stores, (store) => insertAll(store, scope, texts)),
    }
  } finally {
    for (const store of Object.values(stores)) await store.close()
    for (const copy of copies) await copy.drop()
  }
}

type Stores = Record<'indexed' | 'unindexed' | 'bare', Store>

async function byTurns(stores: Stores, write: (store: Store) => Promise<void>): Promise<Record<string, number>> {
  const names = ['indexed', 'unindexed', 'bare'] as const
  const rounds: Record<keyof Stores, number>[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const taken = { indexed: 0, unindexed: 0, bare: 0 }
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const startedAt = performance.now()
      await write(stores[name])
      // What the index has put off belongs to what was written.
      if (name === 'indexed') await stores[name].pool.query(`select gin_clean_pending_list('messages_search')`)
      taken[name] = (performance.now() - startedAt) / WRITES
    }
    // The first round warms up; then all plans are made for tables of the same kind, and the disk has what was copied.
    if (round > 0) rounds.push(taken)
    else for (const name of names) await stores[name].pool.query('analyze; checkpoint')
  }
  const median = (value: (round: Record<keyof Stores, number>) => number): number =>
    Math.round((rounds.map(value).sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0) * 1000) / 1000
  return {
    withIndexMs: median(({ indexed }) => indexed),
    withoutIndexMs: median(({ unindexed }) => unindexed),
    withoutColumnMs: median(({ bare }) => bare),
    indexRatio: median(({ indexed, unindexed }) => indexed / unindexed),
    searchRatio: median(({ indexed, bare }) => indexed / bare),
  }
}

async function answerAll(store: Store, scope: Scope, texts: readonly string[]): Promise<void> {
  for (const content of texts) {
    const question = { message: content.slice(0, 100), onBusy: 'enqueue', deadlineMs: 60_000 } as const
    const accepted = await acceptQuestion(store, scope, question)
    if (accepted.kind !== 'accepted') throw new Error('the question was not accepted')
    const runId = accepted.run.id
    const claim = await claimRun(store, { runId, workerId: 'bench', leaseMs: 30_000, redelivered: false, maxTries: 3 })
    if (claim.kind !== 'claimed') throw new Error('the run was not claimed')
    const answer = {
      content,
      model: 'bench',
      resources: [],
      usage: USAGE,
      finishReason: 'stop',
      partial: false,
    } as const
    await finishRun(store, { runId, attempt: claim.run.attempt, status: 'succeeded', answer })
    await markLogged(store, runId)
  }
}

async function insertAll(store: Store, { tenantId, userId }: Scope, texts: readonly string[]): Promise<void> {
  const session = newId()
  const insertSession = 'insert into sessions (id, tenant_id, user_id) values ($1, $2, $3)'
  await store.pool.query(insertSession, [session, tenantId, userId])
  for (const content of texts)
    await store.pool.query(
      `insert into messages (id, tenant_id, user_id, session_id, role, content) values ($1, $2, $3, $4, 'user', $5)`,
      [newId(), tenantId, userId, session, content],
    )
}

/** A database with the same content. Nobody may be connected to the one it is made from. */
async function copyOf(servers: Servers, url: string): Promise<{ url: string; drop(): Promise<void> }> {
  const made = await createDatabase(servers)
  const nameOf = (address: string): string => new URL(address).pathname.slice(1)
  const admin = await openStore({ url: servers.postgresUrl, statementTimeoutMs: 300_000 })
  try {
    await admin.pool.query(`drop database "${nameOf(made.url)}"`)
    await admin.pool.query(`create database "${nameOf(made.url)}" template "${nameOf(url)}"`)
  } finally {
    await admin.close()
  }
  return made
}
