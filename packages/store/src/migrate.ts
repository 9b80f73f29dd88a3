import { Kysely, PostgresDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { translateDatabaseError } from './database-errors.ts'
import { MIGRATIONS } from './migrations/index.ts'
import type { Store } from './store.ts'

/** For one migration's statement, and for waiting on another process that is migrating. */
const MIGRATION_TIMEOUT_MS = 10 * 60_000

/**
 * Brings the database to the newest schema. Safe when several processes start at once: one migrates, the others wait.
 * Throws the first error; nothing of a failed run is kept.
 */
export async function migrate(store: Store): Promise<void> {
  if (store.kind === 'embedded') return await runMigrations(store.db.withoutPlugins())
  // Building an index may take longer than any statement of a request may: a connection with its own limits.
  const pool = new pg.Pool({
    ...store.pool.options,
    max: 1,
    statement_timeout: MIGRATION_TIMEOUT_MS,
    query_timeout: MIGRATION_TIMEOUT_MS,
    idle_in_transaction_session_timeout: 0,
  })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    await runMigrations(db)
  } finally {
    await db.destroy()
  }
}

async function runMigrations<T>(db: Kysely<T>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw translateDatabaseError(error)
}
