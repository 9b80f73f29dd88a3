import type { AuditVerification } from '@askwire/contracts'
import { type Selectable, sql } from 'kysely'
import type { AuditChainsTable } from '../people-tables.ts'
import type { Store } from '../store.ts'
import { type AuditKeys, CHAIN_COLUMNS, type ChainEntry, hashEntry, isChainIntact, isSame } from './audit-chain.ts'

const PAGE = 1000
/** Retention may take the oldest entries away while they are being read; then it is read anew. */
const TRIES = 3

type ChainRow = Selectable<AuditChainsTable>
type Verified = AuditVerification['tenants'][number]
type Problem = Pick<Verified, 'brokenAt' | 'problem'>

/** What `audit:verify` tells of a tenant; `head` may be kept elsewhere, to compare a later one with. */
export type TenantAudit = Verified & { head: { seq: number; hash: string } }

/**
 * Walks the chains of one tenant, or of all, from end to end, in pages, without a transaction: entries do not change. A chain's `brokenAt`
 * is the first entry that does not fit: it was changed or inserted, or those before it are missing; null when it is an end that was cut
 * off or changed.
 */
export async function verifyAudit(
  store: Store,
  keys: AuditKeys,
  { tenantId, signal }: { tenantId?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<{ ok: boolean; tenants: TenantAudit[] }> {
  const { rows } = await sql<{ id: string }>`
    select id from tenants union select tenant_id from audit_chains order by 1`.execute(store.db)
  const tenants: TenantAudit[] = []
  for (const { id } of rows)
    if (tenantId === undefined || id === tenantId) tenants.push(await verifyTenant(store, keys, id, signal))
  return { ok: tenants.every(({ ok }) => ok), tenants }
}

async function verifyTenant(
  store: Store,
  keys: AuditKeys,
  tenantId: string,
  signal?: AbortSignal,
): Promise<TenantAudit> {
  for (let tries = 1; ; tries++) {
    const chain = await readChain(store, tenantId)
    const { checked, ...found } = await walk(store, keys, tenantId, chain, signal)
    const moved = found.problem !== null && (await readChain(store, tenantId))?.tailSeq !== chain?.tailSeq
    if (moved && tries < TRIES) continue
    const unsealed = await store.db
      .selectFrom('activities')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('tenantId', '=', tenantId)
      .where('hash', 'is', null)
      .executeTakeFirst()
    const head = { seq: Number(chain?.headSeq ?? 0), hash: chain?.headHash.toString('hex') ?? '' }
    return { tenantId, ok: found.problem === null, checked, unsealed: Number(unsealed?.count ?? 0), ...found, head }
  }
}

async function readChain(store: Store, tenantId: string): Promise<ChainRow | undefined> {
  return await store.db.selectFrom('auditChains').selectAll().where('tenantId', '=', tenantId).executeTakeFirst()
}

type Walked = Problem & { checked: number }

async function walk(
  store: Store,
  keys: AuditKeys,
  tenantId: string,
  chain: ChainRow | undefined,
  signal?: AbortSignal,
): Promise<Walked> {
  let checked = 0
  const broken = (problem: Problem['problem'], brokenAt: string | null): Walked => ({ checked, problem, brokenAt })
  if (chain && !isChainIntact(keys, chain)) return broken('changed', null)
  let [seq, hash] = [Number(chain?.tailSeq ?? 0), chain?.tailHash]
  for await (const row of entriesOf(store, tenantId, chain, signal)) {
    const place = Number(row.chainSeq)
    if (place <= seq) return broken('inserted', row.id)
    if (place > seq + 1) return broken('missing', row.id)
    const before = hash ?? Buffer.alloc(0)
    if (!keys.some((key) => isSame(hashEntry(key, before, place, row), row.hash)))
      return broken((await countAt(store, tenantId, place)) > 1 ? 'inserted' : 'changed', row.id)
    ;[seq, hash] = [place, row.hash]
    checked += 1
  }
  if (chain && (seq !== Number(chain.headSeq) || !hash || !isSame(hash, chain.headHash))) return broken('cut', null)
  const stray = await findStray(store, tenantId)
  return stray ? broken(chain ? 'inserted' : 'cut', chain ? stray : null) : broken(null, null)
}

type SealedRow = ChainEntry & { chainSeq: string; hash: Buffer }

async function* entriesOf(
  store: Store,
  tenantId: string,
  chain: ChainRow | undefined,
  signal?: AbortSignal,
): AsyncGenerator<SealedRow> {
  if (!chain) return
  let after = { seq: chain.tailSeq, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }
  for (;;) {
    signal?.throwIfAborted()
    const { rows } = await sql<SealedRow>`
      select ${CHAIN_COLUMNS}, chain_seq, hash from activities
      where tenant_id = ${tenantId}::uuid and chain_seq <= ${chain.headSeq}::bigint
        and (chain_seq, id) > (${after.seq}::bigint, ${after.id}::uuid)
      order by chain_seq, id limit ${PAGE}`.execute(store.db)
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = { seq: last.chainSeq, id: last.id }
  }
}

async function countAt(store: Store, tenantId: string, place: number): Promise<number> {
  const row = await store.db
    .selectFrom('activities')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('tenantId', '=', tenantId)
    .where('chainSeq', '=', String(place))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** An entry with a place beyond the ends, which are read with it: both may have moved since the walk began. */
async function findStray(store: Store, tenantId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select a.id from activities a left join audit_chains c on c.tenant_id = a.tenant_id
    where a.tenant_id = ${tenantId}::uuid and a.chain_seq is not null
      and (c.tenant_id is null or a.chain_seq > c.head_seq or a.chain_seq <= c.tail_seq)
    limit 1`.execute(store.db)
  return rows[0]?.id
}
