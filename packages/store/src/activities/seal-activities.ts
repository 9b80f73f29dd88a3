import { type Selectable, sql } from 'kysely'
import type { AuditChainsTable } from '../people-tables.ts'
import type { Queryable, Store } from '../store.ts'
import {
  type AuditKeys,
  CHAIN_COLUMNS,
  type ChainEntry,
  chainMac,
  GENESIS,
  hashEntry,
  isChainIntact,
} from './audit-chain.ts'

/** Tenants handled in one call, and entries of each; the next call takes the rest. */
const TENANTS = 100
const ENTRIES = 500
/**
 * Entries of a new month wait this long for those of the old one whose transactions are still under way: so a month's entries stand
 * before the next month's in their chain, and retention can drop whole months. Longer than any transaction may take.
 */
const MONTH_SETTLES_MINUTES = 5

/** How many entries were sealed, and the tenants whose chain has been tampered with, where nothing is sealed any more. */
export type Sealed = { sealed: number; refused: string[] }

/**
 * Puts what has been recorded into its tenant's chain, in the order in which it is found: entries that commit later than their time says
 * come later, and break nothing. Any number of processes may call it; a chain is locked while it grows.
 */
export async function sealActivities(store: Store, keys: AuditKeys, signal?: AbortSignal): Promise<Sealed> {
  const { rows } = await sql<{ tenantId: string }>`
    select distinct tenant_id from activities where hash is null and ${settled()} limit ${TENANTS}`.execute(store.db)
  const result: Sealed = { sealed: 0, refused: [] }
  for (const { tenantId } of rows) {
    if (signal?.aborted) break
    const sealed = await store.db.transaction().execute(async (trx) => await sealTenant(trx, keys, tenantId))
    if (sealed === 'refused') result.refused.push(tenantId)
    else result.sealed += sealed
  }
  return result
}

function settled() {
  return sql<boolean>`created_at < date_trunc(
    'month', clock_timestamp() - make_interval(mins => ${MONTH_SETTLES_MINUTES}::int), 'UTC') + interval '1 month'`
}

async function sealTenant(trx: Queryable, keys: AuditKeys, tenantId: string): Promise<number | 'refused'> {
  const chain = await lockChain(trx, keys, tenantId)
  if (!isChainIntact(keys, chain)) return 'refused'
  const { rows } = await sql<ChainEntry>`
    select ${CHAIN_COLUMNS} from activities where tenant_id = ${tenantId}::uuid and hash is null and ${settled()}
    order by created_at, id limit ${ENTRIES}`.execute(trx)
  let [seq, hash] = [Number(chain.headSeq), chain.headHash]
  const hashes: string[] = []
  for (const entry of rows) {
    seq += 1
    hash = hashEntry(keys[0], hash, seq, entry)
    hashes.push(hash.toString('hex'))
  }
  if (rows.length === 0) return 0
  await writeHashes(trx, rows, Number(chain.headSeq), hashes)
  const grown = { ...chain, headSeq: String(seq), headHash: hash }
  await trx
    .updateTable('auditChains')
    .set({ headSeq: grown.headSeq, headHash: hash, mac: chainMac(keys[0], grown) })
    .where('tenantId', '=', tenantId)
    .execute()
  return rows.length
}

/** A tenant's chain, begun if there is none, locked until the transaction ends. */
async function lockChain(trx: Queryable, keys: AuditKeys, tenantId: string): Promise<Selectable<AuditChainsTable>> {
  const empty = { tenantId, headSeq: '0', headHash: GENESIS, tailSeq: '0', tailHash: GENESIS }
  await trx
    .insertInto('auditChains')
    .values({ ...empty, mac: chainMac(keys[0], empty) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return await trx
    .selectFrom('auditChains')
    .selectAll()
    .where('tenantId', '=', tenantId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/** The time is part of the condition so that each row is looked for in its own partition only. */
async function writeHashes(
  trx: Queryable,
  entries: readonly ChainEntry[],
  after: number,
  hashes: readonly string[],
): Promise<void> {
  const ids = entries.map(({ id }) => id)
  const micros = entries.map((entry) => entry.micros)
  const { numAffectedRows } = await sql`
    update activities set chain_seq = ${after}::bigint + sealed.place, hash = decode(sealed.hash, 'hex')
    from unnest(${ids}::uuid[], ${micros}::bigint[], ${[...hashes]}::text[]) with ordinality
      as sealed (id, micros, hash, place)
    where activities.id = sealed.id and activities.hash is null
      and activities.created_at = timestamptz 'epoch' + sealed.micros * interval '1 microsecond'`.execute(trx)
  if (Number(numAffectedRows) !== entries.length)
    throw new Error('an entry was sealed or removed while it was being sealed')
}
