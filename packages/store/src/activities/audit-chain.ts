import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { AuditChainsTable } from '../people-tables.ts'

/*
 * Each tenant's record is a chain: an entry's hash is over the hash before it, its place and everything it says, under a key that the
 * database does not hold. `audit_chains` keeps both ends, under a code of their own:
 *
 *   tail ── entry tail+1 ── entry tail+2 ── … ── head
 *
 * Whoever can write to the database but has no key can neither change an entry, nor take one out, nor move an end, without being seen.
 * What is not seen: an entry made or removed in the seconds before it is sealed, and the whole record of a tenant put back to an older
 * copy, its ends included.
 */

/** The first one seals; each of them may have sealed. */
export type AuditKeys = readonly [Uint8Array, ...Uint8Array[]]

/** What the first entry of a chain follows. */
export const GENESIS = Buffer.alloc(32)

export type Chain = Pick<Selectable<AuditChainsTable>, 'tenantId' | 'headSeq' | 'headHash' | 'tailSeq' | 'tailHash'>

/** An entry as the chain takes it: its JSON as PostgreSQL writes it, its time in microseconds. */
export type ChainEntry = {
  id: string
  tenantId: string
  actorId: string | null
  action: string
  targetType: string
  targetId: string | null
  address: string
  agent: string
  requestId: string
  beforeText: string | null
  afterText: string | null
  micros: string
}

/** The columns of a `ChainEntry`. */
export const CHAIN_COLUMNS = sql`id, tenant_id, actor_id, action, target_type, target_id, address, agent, request_id,
  before::text as before_text, after::text as after_text, (extract(epoch from created_at) * 1000000)::bigint::text as micros`

/** HMAC-SHA256 over the hash before and the canonical JSON of the entry at its place. */
export function hashEntry(key: Uint8Array, previous: Uint8Array, seq: number, entry: ChainEntry): Buffer {
  const { id, tenantId, actorId, action, targetType, targetId, address, agent, requestId } = entry
  const said = [id, tenantId, actorId, action, targetType, targetId, address, agent, requestId]
  const canonical = JSON.stringify([seq, entry.micros, ...said, entry.beforeText, entry.afterText])
  return createHmac('sha256', key).update(previous).update(canonical).digest()
}

/** The code over both ends of a chain. */
export function chainMac(key: Uint8Array, chain: Chain): Buffer {
  const { tenantId, headSeq, headHash, tailSeq, tailHash } = chain
  const ends = [tenantId, String(headSeq), headHash.toString('hex'), String(tailSeq), tailHash.toString('hex')]
  return createHmac('sha256', key).update(JSON.stringify(ends)).digest()
}

/** Whether the ends of a chain are as this installation left them. */
export function isChainIntact(keys: AuditKeys, chain: Chain & { mac: Buffer }): boolean {
  return keys.some((key) => isSame(chainMac(key, chain), chain.mac))
}

/** Whether two hashes are the same, in constant time. */
export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
