import type { Kysely, PostgresPool, Transaction } from 'kysely'
import type pg from 'pg'
import type { Database } from './database.ts'

/**
 * An open database. Every error that `db` throws because the database cannot be reached is an
 * `AppError('database_unavailable')`; `pool` is the bare pool, for libraries that bring their own SQL.
 */
export type Store = {
  readonly db: Kysely<Database>
  readonly pool: pg.Pool
  /** What `db` takes its connections from. */
  readonly clients: PostgresPool
  /** `embedded` has one connection: code MUST NOT hold a client (or a transaction) while asking for a second one. */
  readonly kind: 'postgres' | 'embedded'
  /** Resolves when the database answers a query; throws `database_unavailable`. */
  ping(): Promise<void>
  /** Waits for the clients in use, then closes. A second call does nothing. */
  close(): Promise<void>
}

/** Either the whole database or a transaction in it. */
export type Queryable = Kysely<Database> | Transaction<Database>
