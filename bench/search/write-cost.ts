import { newId, type Scope } from '@askwire/contracts'
import type { Store } from '@askwire/store'

const ROUNDS = 8
const WRITES = 250

/**
 * What the index on words costs a write: the same messages, each stored by a statement and a commit of its own as answers are, by turns into
 * the table as it is and into two like it, one without that index and one without its column too. Milliseconds each, by the median of rounds.
 */
export async function measureWrites(store: Store, scope: Scope): Promise<Record<string, number>> {
  const session = newId()
  await store.pool.query(`insert into sessions (id, tenant_id, user_id) values ($1, $2, $3)`, [
    session,
    scope.tenantId,
    scope.userId,
  ])
  await likeMessages(store, 'messages_unindexed')
  await likeMessages(store, 'messages_bare')
  await store.pool.query(`alter table messages_bare drop column search`)
  const { rows: samples } = await store.pool.query(
    `
    select content from messages where user_id = $1 limit $2`,
    [scope.userId, WRITES],
  )
  const taken: Record<string, number[]> = { messages: [], messages_unindexed: [], messages_bare: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    const tables = Object.keys(taken)
    for (const table of round % 2 === 0 ? tables : tables.toReversed()) {
      const startedAt = performance.now()
      for (const { content } of samples)
        await store.pool.query(
          `insert into ${table} (id, tenant_id, user_id, session_id, role, content)
          values ($1, $2, $3, $4, 'assistant', $5)`,
          [newId(), scope.tenantId, scope.userId, session, content],
        )
      // The first round warms up.
      if (round > 0) taken[table]?.push((performance.now() - startedAt) / samples.length)
    }
  }
  const median = (table: string): number =>
    taken[table]?.toSorted((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0
  const [indexed, unindexed, bare] = [median('messages'), median('messages_unindexed'), median('messages_bare')]
  const round = (value: number): number => Math.round(value * 1000) / 1000
  return {
    withIndexMs: round(indexed),
    withoutIndexMs: round(unindexed),
    withoutColumnMs: round(bare),
    indexRatio: round(indexed / unindexed),
    searchRatio: round(indexed / bare),
  }
}

/** As large, with the same other indexes and foreign keys. */
async function likeMessages(store: Store, table: string): Promise<void> {
  await store.pool.query(
    `create table ${table} (like messages including defaults including constraints including generated)`,
  )
  await store.pool.query(`insert into ${table} (id, tenant_id, user_id, session_id, role, content, created_at)
    select id, tenant_id, user_id, session_id, role, content, created_at from messages limit 200000`)
  const indexes = [
    `alter table ${table} add primary key (id), add unique (session_id, id)`,
    `alter table ${table} add foreign key (session_id, tenant_id, user_id) references sessions (id, tenant_id, user_id),
      add foreign key (session_id, parent_id) references ${table} (session_id, id)`,
    `create index on ${table} (session_id, created_at desc, id desc)`,
    `create unique index on ${table} (run_id) where role = 'assistant'`,
    `create index on ${table} (session_id, parent_id)`,
  ]
  for (const index of indexes) await store.pool.query(index)
}
