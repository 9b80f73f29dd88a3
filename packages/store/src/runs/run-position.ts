import { sql } from 'kysely'
import type { Store } from '../store.ts'
import type { RunRow } from './run-row.ts'

/** Counting stops here: nobody reads the difference between place 1000 and 2000, and a backlog may be long. */
export const MAX_POSITION = 1000

/**
 * How many runs will be started before this one, at most 1000: the unfinished ones of its session that have their turn before it (while it waits)
 * and the queued ones of other sessions accepted before it. 0 for a run that is running or has ended.
 */
export async function runPosition(
  store: Store,
  run: Pick<RunRow, 'status' | 'sessionId' | 'seq' | 'place'>,
): Promise<number> {
  if (run.status !== 'waiting' && run.status !== 'queued') return 0
  const { rows } = await sql<{ ahead: number }>`
    select least(${MAX_POSITION}::int, (
      select count(*) from (
        select from runs where session_id = ${run.sessionId} and logged_at is null and finished_at is null
          and (ordinal is not null or coalesce(place, seq) < ${run.place ?? run.seq}::bigint)
          and ${run.status === 'waiting'}::boolean
        limit ${MAX_POSITION}::int) own
    ) + (
      select count(*) from (
        select from runs where status = 'queued' and seq < ${run.seq}::bigint and session_id <> ${run.sessionId}
        limit ${MAX_POSITION}::int) others
    ))::int as ahead`.execute(store.db)
  return rows[0]?.ahead ?? 0
}
