import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import { vector } from '@electric-sql/pglite-pgvector'
import pg from 'pg'
import { lockFolder } from './lock-folder.ts'

/** Lives in memory only and is gone when closed. */
export const IN_MEMORY = ':memory:'

/** The queue for the only connection is long under load, and nothing is wrong with the database then. */
const EMBEDDED_ACQUIRE_TIMEOUT_MS = 10_000

/**
 * PGlite behind `pg`'s own Pool, with exactly one connection; files in `<dataDir>/postgres`. There are no server-side
 * time-outs: PGlite runs a statement to its end before anything else happens in it.
 */
export async function openEmbedded(
  dataDir: string,
  acquireTimeoutMs = EMBEDDED_ACQUIRE_TIMEOUT_MS,
): Promise<{ pool: pg.Pool; close: () => Promise<void> }> {
  const lock = dataDir === IN_MEMORY ? undefined : lockFolder(dataDir)
  try {
    const files = dataDir === IN_MEMORY ? 'memory://' : path.join(dataDir, 'postgres')
    const lite = await PGlite.create(files, { extensions: { vector } })
    // A closed client removes every listener from the shared connection, so none is closed for being idle.
    const pool = new pg.Pool({
      ...createPgConfig(lite),
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: acquireTimeoutMs,
    })
    const close = async (): Promise<void> => {
      await lite.close()
      lock?.release()
    }
    return { pool, close }
  } catch (error) {
    lock?.release()
    throw error
  }
}
