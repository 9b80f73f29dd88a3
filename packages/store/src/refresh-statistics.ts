import { sql } from 'kysely'
import type { Store } from './store.ts'

/**
 * Tells the planner what documents, chunks and postings look like after many came or went: a search planned as if the
 * tables were empty takes three times as long. A server's autovacuum does the rest; the embedded database has none.
 */
export async function refreshStatistics(store: Store): Promise<void> {
  const command = store.kind === 'embedded' ? sql`vacuum (analyze)` : sql`analyze`
  await sql`${command} documents, chunks, chunk_terms`.execute(store.db)
}
