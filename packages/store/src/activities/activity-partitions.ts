import { type Selectable, sql } from 'kysely'
import type { AuditChainsTable } from '../people-tables.ts'
import type { Queryable, Store } from '../store.ts'
import { type AuditKeys, type Chain, chainMac, isChainIntact } from './audit-chain.ts'

/** Months made ahead, so that a process that is away for some weeks loses nothing. */
const MONTHS_AHEAD = 2
/** A partition is put in or taken away when nobody is in the way; else at the next round. */
const LOCK_TIMEOUT = sql.raw(`set local lock_timeout = '1s'`)

type Month = { name: string; from: string; to: string }

/**
 * Makes the partitions of this month, the next ones, and of whatever has gone into the default partition meanwhile, and moves it there.
 * How many were made. One process at a time.
 */
export async function makeActivityPartitions(store: Store): Promise<number> {
  const { rows } = await sql<Month>`
    with months as (
      select month at time zone 'UTC' as month from generate_series(
        date_trunc('month', now() at time zone 'UTC'),
        date_trunc('month', now() at time zone 'UTC') + make_interval(months => ${MONTHS_AHEAD}::int), '1 month') as month
      union select date_trunc('month', created_at, 'UTC') from activities_default)
    select to_char(month at time zone 'UTC', '"activities_"YYYY_MM') as name,
      to_char(month at time zone 'UTC', 'YYYY-MM-DD') as "from",
      to_char((month at time zone 'UTC') + interval '1 month', 'YYYY-MM-DD') as "to"
    from months
    where to_regclass(to_char(month at time zone 'UTC', '"activities_"YYYY_MM')) is null
    order by 1`.execute(store.db)
  for (const month of rows) await store.db.transaction().execute(async (trx) => await makePartition(trx, month))
  return rows.length
}

/** The names come from the database's own clock. */
async function makePartition(trx: Queryable, { name, from, to }: Month): Promise<void> {
  await LOCK_TIMEOUT.execute(trx)
  // Who records waits, and then finds the month: a row on its way to the default partition would be refused by it.
  await sql`lock table activities in share row exclusive mode`.execute(trx)
  const [start, end] = [`'${from} 00:00:00+00'`, `'${to} 00:00:00+00'`]
  await sql.raw(`create table ${name} (like activities including all)`).execute(trx)
  // Asked for by its own name it has no policies: closed to all but its owner.
  await sql.raw(`alter table ${name} enable row level security`).execute(trx)
  await sql
    .raw(`
      with moved as (
        delete from activities_default where created_at >= ${start} and created_at < ${end} returning *)
      insert into ${name} select * from moved`)
    .execute(trx)
  await sql.raw(`alter table activities attach partition ${name} for values from (${start}) to (${end})`).execute(trx)
}

/**
 * Drops whole months that ended more than `days` ago, oldest first, and moves the beginning of each chain to what is left. A month waits
 * while something in it is not sealed or a chain has been tampered with; one that an entry of the next month stands before goes together
 * with that. The names of those dropped. One process at a time.
 */
export async function dropOldActivities(store: Store, keys: AuditKeys, { days }: { days: number }): Promise<string[]> {
  const { rows } = await sql<{ name: string; to: string }>`
    select relname as name, to_char(to_date(substr(relname, 12), 'YYYY_MM') + interval '1 month', 'YYYY-MM-DD') as "to"
    from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'activities'::regclass and relname ~ '^activities_[0-9]{4,}_[0-9]{2}$'
      and (to_date(substr(relname, 12), 'YYYY_MM') + interval '1 month') at time zone 'UTC'
        <= now() - make_interval(days => ${days}::int)
    order by 1`.execute(store.db)
  const dropped: string[] = []
  let together: string[] = []
  for (const { name, to } of rows) {
    together.push(name)
    const names = together
    if (!(await store.db.transaction().execute(async (trx) => await dropMonths(trx, keys, names, to)))) continue
    dropped.push(...together)
    together = []
  }
  return dropped
}

/** Drops the months that end at `to`; they MUST be the oldest. False when that cannot be done yet. */
async function dropMonths(trx: Queryable, keys: AuditKeys, names: readonly string[], to: string): Promise<boolean> {
  await LOCK_TIMEOUT.execute(trx)
  const end = sql`${`${to}T00:00:00Z`}::timestamptz`
  const { rows: unsealed } = await sql`
    select from activities where hash is null and created_at < ${end} limit 1`.execute(trx)
  if (unsealed.length > 0) return false
  const { rows: newest } = await sql<{ tenantId: string; seq: string; hash: Buffer }>`
    select distinct on (tenant_id) tenant_id, chain_seq as seq, hash from activities where created_at < ${end}
    order by tenant_id, chain_seq desc`.execute(trx)
  const cut = []
  for (const { tenantId, seq, hash } of newest) {
    const { rows: before } = await sql`
      select from activities where tenant_id = ${tenantId}::uuid and chain_seq < ${seq}::bigint and created_at >= ${end}
      limit 1`.execute(trx)
    const chain = await lockedChain(trx, tenantId)
    if (before.length > 0 || !chain || !isChainIntact(keys, chain)) return false
    cut.push({ ...chain, tailSeq: seq, tailHash: hash })
  }
  for (const chain of cut) await writeTail(trx, keys, chain)
  for (const name of names) await sql`drop table ${sql.table(name)}`.execute(trx)
  return true
}

async function lockedChain(trx: Queryable, tenantId: string): Promise<Selectable<AuditChainsTable> | undefined> {
  return await trx.selectFrom('auditChains').selectAll().where('tenantId', '=', tenantId).forUpdate().executeTakeFirst()
}

async function writeTail(trx: Queryable, keys: AuditKeys, chain: Chain): Promise<void> {
  const { tenantId, tailSeq, tailHash } = chain
  await trx
    .updateTable('auditChains')
    .set({ tailSeq, tailHash, mac: chainMac(keys[0], chain) })
    .where('tenantId', '=', tenantId)
    .execute()
}
