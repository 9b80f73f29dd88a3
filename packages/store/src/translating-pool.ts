import { types } from 'node:util'
import { AppError } from '@askwire/contracts'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { translateDatabaseError } from './database-errors.ts'
import { statementName } from './define-statement.ts'

/**
 * A pool for Kysely that turns connection errors into `database_unavailable`, and gives no client back that has seen
 * one: `pg` leaves a client whose query timed out in the pool, and the next query would wait behind the lost one.
 */
export function translatingPool(pool: pg.Pool): PostgresPool {
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw translateDatabaseError(error)
      })
      const known = wrapped.get(client)
      if (known) return known
      const made = translatingClient(client)
      wrapped.set(client, made)
      return made
    },
    end: () => pool.end(),
  }
}

function translatingClient(client: pg.PoolClient): PostgresPoolClient {
  let broken: AppError | undefined
  const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
    // The rollback after a lost connection would only wait for its own time-out.
    if (broken) throw broken
    try {
      const name = statementName(text)
      return await client.query({ text, values: [...values], ...(name !== undefined && { name }) })
    } catch (error) {
      const translated = translateDatabaseError(error)
      if (translated instanceof AppError && !isAnswered(error)) broken = translated
      throw translated
    }
  }
  return {
    query: query as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy === true || broken !== undefined),
  }
}

/** True when the server itself said no, so that the connection is still in step. Class 57P0x ends the connection. */
function isAnswered(error: unknown): boolean {
  return types.isNativeError(error) && 'severity' in error && error.severity === 'ERROR'
}
