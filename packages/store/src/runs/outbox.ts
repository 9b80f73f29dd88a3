import { sql } from 'kysely'
import { clock, nowMinus } from '../sql.ts'
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

/** Notes that the broker has confirmed these runs. */
export async function markPublished(store: Store, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return
  await store.db
    .updateTable('runs')
    .set({ publishedAt: clock })
    .where('id', 'in', [...runIds])
    .where('status', '=', 'queued')
    .where('publishedAt', 'is', null)
    .execute()
}

/** How many queued runs the broker has not confirmed, counted no further than `max`. */
export async function countUnpublished(store: Store, max = 100_000): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from runs where status = 'queued' and published_at is null limit ${max}::int) unpublished`.execute(
    store.db,
  )
  return rows[0]?.count ?? 0
}
