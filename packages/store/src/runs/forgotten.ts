import { nowMinus } from '../sql.ts'
import type { Store } from '../store.ts'

/**
 * Puts queued runs back into the outbox that were published more than `olderThanMs` ago: for a broker that was found
 * without a single message, and so has forgotten them. Says how many.
 */
export async function unpublishForgotten(store: Store, { olderThanMs }: { olderThanMs: number }): Promise<number> {
  const rows = await store.db
    .updateTable('runs')
    .set({ publishedAt: null })
    .where('status', '=', 'queued')
    .where('publishedAt', '<', nowMinus(olderThanMs))
    .returning('id')
    .execute()
  return rows.length
}
