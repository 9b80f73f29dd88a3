import type { Store } from '../store.ts'

/**
 * The ordinal of the newest run that has had its turn, by session; 0 when none has. Sessions that do not exist are missing.
 * Takes no scope: for followers whose owner was checked when they came.
 */
export async function newestOrdinals(store: Store, sessionIds: readonly string[]): Promise<Map<string, number>> {
  if (sessionIds.length === 0) return new Map()
  const rows = await store.db
    .selectFrom('sessions')
    .select(['id', 'lastOrdinal'])
    .where('id', 'in', sessionIds)
    .execute()
  return new Map(rows.map(({ id, lastOrdinal }) => [id, lastOrdinal]))
}
