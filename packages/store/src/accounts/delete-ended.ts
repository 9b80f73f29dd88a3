import { sql } from 'kysely'
import type { Queryable, Store } from '../store.ts'
import { LOGIN_LIFE_MS } from './insert-login.ts'

/** Rows of one statement, so that no lock is held for long, and statements of one call; the next call takes the rest. */
const ROWS = 1000
const STATEMENTS = 20
/** Logins that are over stay this long, for who looks into what happened; the record says afterwards that they were. */
const LOGIN_KEPT_MS = LOGIN_LIFE_MS
const LINK_KEPT_MS = 86_400_000

/** What is over, and since when it may go. The refresh tokens of a login go with it. */
const ENDED = [
  { table: 'logins', key: 'id', over: 'least(ended_at, expires_at)', keptMs: LOGIN_KEPT_MS },
  { table: 'password_resets', key: 'hash', over: 'expires_at', keptMs: LINK_KEPT_MS },
  { table: 'totp_enrolments', key: 'user_id', over: 'expires_at', keptMs: LINK_KEPT_MS },
] as const

/** Deletes logins, reset links and enrolments that have long been over, which are of no use to anybody; gives how many. Any number of processes may call it. */
export async function deleteEnded(store: Store): Promise<number> {
  let deleted = 0
  for (const ended of ENDED)
    for (let statement = 0; statement < STATEMENTS; statement += 1) {
      const count = await deleteSome(store.db, ended)
      deleted += count
      if (count < ROWS) break
    }
  return deleted
}

async function deleteSome(db: Queryable, { table, key, over, keptMs }: (typeof ENDED)[number]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where ${sql.ref(key)} in (
      select ${sql.ref(key)} from ${sql.table(table)}
      where ${sql.raw(over)} < clock_timestamp() - make_interval(secs => ${keptMs / 1000})
      limit ${ROWS} for update skip locked)`.execute(db)
  return Number(numAffectedRows ?? 0)
}
