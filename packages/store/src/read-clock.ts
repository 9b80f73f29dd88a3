import { sql } from 'kysely'
import type { Store } from './store.ts'

/** The database's time, in milliseconds since 1970. Throws `database_unavailable`. */
export async function readClock(store: Store): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(store.db)
  if (!rows[0]) throw new Error('the database gave no time')
  return rows[0].ms
}
