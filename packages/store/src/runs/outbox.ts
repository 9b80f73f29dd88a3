import { sql } from 'kysely'
import { defineStatement } from '../define-statement.ts'
import { nowMinus } from '../sql.ts'
import type { Store } from '../store.ts'
import type { RunRow } from './run-row.ts'

/** Queued runs the broker has not confirmed, oldest first; those queued within `olderThanMs` are being published by whoever queued them. */
export async function listUnpublished(
  store: Store,
  { limit, olderThanMs = 0 }: { limit: number; olderThanMs?: number },
): Promise<RunRow[]> {
  return await store.db
    .selectFrom('runs')
    .selectAll()
    .where('status', '=', 'queued')
    .where('publishedAt', 'is', null)
    .where('queuedAt', '<=', nowMinus(olderThanMs))
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** Notes that the broker has confirmed these runs; one that was claimed meanwhile says so itself. */
export async function markPublished(store: Store, runIds: readonly string[]): Promise<void> {
  if (runIds.length > 0) await markStatement(store.db, [[...runIds]])
}

const markStatement = defineStatement<never>(
  'mark_published',
  `update runs set published_at = clock_timestamp()
  where id = any($1::uuid[]) and status = 'queued' and published_at is null`,
)

/** How many queued runs the broker has not confirmed, counted no further than `max`. */
export async function countUnpublished(store: Store, max = 100_000): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from runs where status = 'queued' and published_at is null limit ${max}::int) unpublished`.execute(
    store.db,
  )
  return rows[0]?.count ?? 0
}
