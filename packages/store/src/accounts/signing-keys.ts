import { type Selectable, sql } from 'kysely'
import type { SigningKeysTable } from '../people-tables.ts'
import { json } from '../sql.ts'
import type { Store } from '../store.ts'

export type SigningKeyRow = Omit<Selectable<SigningKeysTable>, 'createdAt'>

/** The signing keys that still verify. */
export async function listSigningKeys(store: Store): Promise<SigningKeyRow[]> {
  return await store.db
    .selectFrom('signingKeys')
    .select(['kid', 'publicJwk', 'sealedPrivateKey', 'signsUntil', 'verifiesUntil'])
    .where('verifiesUntil', '>', sql<Date>`clock_timestamp()`)
    .execute()
}

/** Adds a key unless there is one that is not among `known`, under a lock: of many replicas that want a new key, one makes it. */
export async function addSigningKey(store: Store, key: SigningKeyRow, known: readonly string[]): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('signing keys', 0))`.execute(trx)
    const rows = await trx
      .selectFrom('signingKeys')
      .select('kid')
      .where('verifiesUntil', '>', sql<Date>`clock_timestamp()`)
      .execute()
    if (rows.some(({ kid }) => !known.includes(kid))) return
    await trx
      .insertInto('signingKeys')
      .values({ ...key, publicJwk: json(key.publicJwk) })
      .execute()
    await trx.deleteFrom('signingKeys').where('verifiesUntil', '<', sql<Date>`clock_timestamp()`).execute()
  })
}
