import { sql } from 'kysely'
import type { Queryable } from '../store.ts'

/** What being asked in sets of a session: it is the newest, out of the archive, and shows the branch of the newest question. */
export const ASKED_IN = 'updated_at = clock_timestamp(), active_leaf_id = null, archived_at = null'

/** Notes that a session was asked in; `ordinal` is the run's, when it has one already. */
export async function markAskedIn(trx: Queryable, sessionId: string, ordinal: number | null): Promise<void> {
  const last = sql`coalesce(${ordinal}::int, last_ordinal)`
  await sql`update sessions set ${sql.raw(ASKED_IN)}, last_ordinal = ${last} where id = ${sessionId}`.execute(trx)
}
