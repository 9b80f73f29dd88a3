import { newId, type Scope } from '@askwire/contracts'
import { ensureOwner, type Store } from '@askwire/store'

export const USERS = 100
export const MESSAGES = 1_000_000
const MESSAGES_EACH = 20

/** Two hundred words of the field and of everyday, and forty Chinese ones: rare ones at the end of each list. */
const ENGLISH =
  `the a to of and is in it for that with on as are be this which not or by from at an can one when all has have more
  question message server client queue index table cache stream token model search document session answer event log worker
  gateway agent network memory storage disk process thread request response error retry timeout latency bandwidth throughput
  replica leader follower cluster node broker consumer producer partition offset commit rollback transaction isolation
  constraint migration schema column row vector embedding chunk passage citation prompt context window history branch
  summary title folder archive export import backup restore snapshot reconciler lease heartbeat replication failover
  certificate signature cipher password secret rotation audit permission policy tenant role group invitation quota
  orange violin harbour meadow lantern glacier thunder pepper copper saffron walnut cathedral telescope mosaic`.split(
    /\s+/,
  )
const CHINESE =
  `我们 可以 使用 问题 答案 数据库 服务器 消息队列 索引 缓存 模型 搜索 文档 会话 事件 日志 网络 内存 存储 备份 恢复 快照 迁移
  权限 审计 租户 集群 副本 故障 超时`.split(/\s+/)

/** Messages of a hundred people in sessions of twenty; each of ten to sixty words, one in six Chinese. Answers whose owners are. */
export async function fillMessages(store: Store, messages: number): Promise<Scope[]> {
  const tenantId = newId()
  const scopes = Array.from({ length: USERS }, (): Scope => ({ tenantId, userId: newId() }))
  for (const scope of scopes) await ensureOwner(store, scope)
  // The index is built at the end, as nobody waits for it here.
  await store.pool.query(`drop index messages_search`)
  for (const scope of scopes) await fillOne(store, scope, Math.floor(messages / USERS / MESSAGES_EACH))
  await store.pool.query(`set maintenance_work_mem = '256MB'`)
  await store.pool.query(`create index messages_search on messages using gin (search)`)
  for (const table of ['sessions', 'messages', 'session_tags', 'runs'])
    await store.pool.query(`vacuum analyze ${table}`)
  return scopes
}

async function fillOne(store: Store, { tenantId, userId }: Scope, sessions: number): Promise<void> {
  await store.pool.query(
    `
    insert into sessions (id, tenant_id, user_id, title, title_source, created_at, updated_at)
    select gen_random_uuid(), $1, $2, 'About ' || word || ' ' || at, 'auto', now() - at * interval '7 hours',
      now() - at * interval '5 hours'
    from generate_series(1, $3::int) at,
      lateral (select ($4::text[])[1 + (at * 7919) % $5::int] as word) words`,
    [tenantId, userId, sessions, ENGLISH, ENGLISH.length],
  )
  await store.pool.query(
    `
    insert into session_tags (tenant_id, user_id, session_id, key, tag)
    select tenant_id, user_id, id, 'tag ' || n % 10, 'tag ' || n % 10
    from (select *, row_number() over () as n from sessions where user_id = $1) s where n % 3 = 0`,
    [userId],
  )
  // Squared chance: the words at the end of a list are the rare ones.
  await store.pool.query(
    `
    insert into messages (id, tenant_id, user_id, session_id, role, content, model, created_at)
    select gen_random_uuid(), $1, $2, s.id, case when at % 2 = 1 then 'user' else 'assistant' end,
      case when at % 6 = 0 then chinese.text else english.text end || ' answer', 'bench', s.created_at + at * interval '1 minute'
    from sessions s, generate_series(1, $3::int) at,
      lateral (select string_agg(($4::text[])[1 + floor(random() ^ 2 * $5::int)::int], ' ') as text
        from generate_series(1, 10 + (at * 37 + length(s.title)) % 50) w where s.id is not null) english,
      lateral (select string_agg(($6::text[])[1 + floor(random() ^ 2 * $7::int)::int], case when w % 5 = 0 then '，' else '' end) as text
        from generate_series(1, 12) w where s.id is not null) chinese
    where s.user_id = $2`,
    [tenantId, userId, MESSAGES_EACH, ENGLISH, ENGLISH.length, CHINESE, CHINESE.length],
  )
}
