import { types } from 'node:util'
import { AppError } from '@askwire/contracts'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { translateDatabaseError } from './database-errors.ts'
import { statementName } from './define-statement.ts'

/**
 * A pool for Kysely that turns connection errors into `database_unavailable`, and gives no client back that has seen
 * one: `pg` leaves a client whose query timed out in the pool, and the next query would wait behind the lost one. Nor does a client go
 * back inside a transaction, with its role and its locks. With `pipeline` a `begin` is not waited for: whatever follows it fails if it did.
 */
export function translatingPool(pool: pg.Pool, { pipeline }: { pipeline: boolean }): PostgresPool {
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw translateDatabaseError(error)
      })
      const known = wrapped.get(client)
      if (known) return known
      const made = translatingClient(client, pipeline)
      wrapped.set(client, made)
      return made
    },
    end: () => pool.end(),
  }
}

const NOTHING = { command: '', rowCount: 0, rows: [] }

function translatingClient(client: pg.PoolClient, pipeline: boolean): PostgresPoolClient {
  let broken: AppError | undefined
  let begun: Promise<unknown> | undefined
  const send = async (text: string, values: readonly unknown[]): Promise<unknown> => {
    try {
      const name = statementName(text)
      return await client.query({ text, values: [...values], ...(name !== undefined && { name }) })
    } catch (error) {
      const translated = translateDatabaseError(error)
      if (translated instanceof AppError && !isAnswered(error)) broken = translated
      throw translated
    }
  }
  const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
    // The rollback after a lost connection would only wait for its own time-out.
    if (broken) throw broken
    if (pipeline && text.startsWith('begin')) {
      begun = send(text, values)
      begun.catch(() => undefined)
      return NOTHING
    }
    const before = begun
    begun = undefined
    const [opened, answered] = await Promise.allSettled([before, send(text, values)])
    if (opened.status === 'rejected') throw opened.reason
    if (answered.status === 'rejected') throw answered.reason
    return answered.value
  }
  return {
    query: query as PostgresPoolClient['query'],
    release: (destroy) => {
      begun = undefined
      client.release(destroy === true || broken !== undefined || !isIdle(client))
    },
  }
}

/** False inside a transaction, as far as the server's last answer tells. */
function isIdle(client: pg.PoolClient): boolean {
  const status = client.getTransactionStatus()
  return status === 'I' || status === null
}

/** True when the server itself said no, so that the connection is still in step. Class 57P0x ends the connection. */
function isAnswered(error: unknown): boolean {
  return types.isNativeError(error) && 'severity' in error && error.severity === 'ERROR'
}
