import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { MIGRATIONS } from './migrations/index.ts'
import type { Store } from './store.ts'

/** For all pending migrations together, and for waiting on another process that is migrating. */
const MIGRATION_TIMEOUT_MS = 10 * 60_000

/**
 * Brings the database to the newest schema. Safe when several processes start at once: one migrates, the others wait.
 * Throws the first error; nothing of a failed run is kept.
 */
export async function migrate(store: Store): Promise<void> {
  await store.db
    .withoutPlugins()
    .connection()
    .execute(async (db) => {
      await sql`select set_config('statement_timeout', ${String(MIGRATION_TIMEOUT_MS)}, false)`.execute(db)
      try {
        const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } })
        const { error } = await migrator.migrateToLatest()
        if (error) throw error
      } finally {
        await sql`reset statement_timeout`.execute(db)
      }
    })
}
