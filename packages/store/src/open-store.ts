import { sql } from 'kysely'
import pg from 'pg'
import { databaseOn } from './database-on.ts'
import { openEmbedded } from './open-embedded.ts'
import type { Store } from './store.ts'
import { translatingPool } from './translating-pool.ts'

/** How long a caller waits for a free connection, or for a new one to open. */
const ACQUIRE_TIMEOUT_MS = 2000
/** The server ends a statement that takes longer. */
const STATEMENT_TIMEOUT_MS = 5000
/** How long after that the client gives up: a server that is paused, or behind a dead network, cannot time out itself. */
const SILENCE_MARGIN_MS = 500
/** A transaction left open by a process that hangs would hold its row locks for ever. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000
const MAX_CONNECTIONS = 10

/**
 * A caller waits at most `acquireTimeoutMs` (default 2 s) and then, on a server that has gone silent, `statementTimeoutMs` + 0.5 s
 * (default 5 s). Who must answer within 2 s sets the latter to 1500 or less.
 */
export type StoreOptions =
  | { url: string; maxConnections?: number; statementTimeoutMs?: number; acquireTimeoutMs?: number }
  | { dataDir: string; acquireTimeoutMs?: number }

/**
 * Opens PostgreSQL (`url`) or the embedded one (`dataDir`, a folder or `':memory:'`), without migrating it. A server that
 * is away is no error here: connections are made when needed. Throws `database_unavailable` when the folder is in use.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const embedded = 'dataDir' in options ? await openEmbedded(options.dataDir, options.acquireTimeoutMs) : undefined
  const pool = embedded?.pool ?? createServerPool(options as Extract<StoreOptions, { url: string }>)
  // Without these two listeners a connection lost while idle, or between two statements, would end the process.
  // Whoever uses the connection next is told by its query.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const clients = translatingPool(pool, { pipeline: embedded === undefined })
  const db = databaseOn(clients)
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await pool.end()
    await embedded?.close()
  }
  return {
    db,
    clients,
    pool,
    kind: embedded ? 'embedded' : 'postgres',
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

function createServerPool(options: Extract<StoreOptions, { url: string }>): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS
  return new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? MAX_CONNECTIONS,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? ACQUIRE_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_MARGIN_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    // What belongs together may be sent without waiting in between: see `translating-pool.ts`.
    pipeline: true,
    application_name: 'askwire',
  })
}
