import type { Reach, Scope } from '@askwire/contracts'
import { AbortedTransactionError, type PostgresPool, type PostgresPoolClient, sql } from 'kysely'
import { databaseOn } from './database-on.ts'
import type { Queryable, Store } from './store.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Runs `work` in a transaction as the role that owns no table, bound by the row policies to what `scope` may reach. Role and
 * settings travel with the `begin`, in one message. `work` MUST use the given database only and MUST NOT wait for anything else.
 * For a single statement `asScope` is quicker.
 */
export async function withScope<T>(
  store: Store,
  scope: Scope | Reach,
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  const begin = sql.raw(beginAs(scope))
  return await store.db.connection().execute(async (db) => {
    try {
      await begin.execute(db)
      const value = await work(db)
      const { rows } = await COMMIT.execute(db)
      // A statement of `work` failed and `work` went on: the server has undone everything.
      if (rows[0]?.command === 'ROLLBACK') throw new AbortedTransactionError()
      return value
    } catch (error) {
      // The connection may be gone; what failed first is what the caller needs to know.
      await ROLLBACK.execute(db).catch(() => undefined)
      throw error
    }
  })
}

/**
 * The database as `scope` may reach it, for one statement at a time: each is a transaction of its own as in `withScope`, and all of it
 * is on its way before the first answer comes, so that it takes no longer than the statement alone. MUST NOT be used for transactions.
 */
export function asScope(store: Store, scope: Scope | Reach): Queryable {
  return databaseOn(scopedPool(store, beginAs(scope)))
}

const COMMIT = sql.raw<{ command: string }>('commit')
const ROLLBACK = sql.raw('rollback')

/** Several statements without parameters go as one simple query; so the ids stand in the text and must be nothing but ids. */
function beginAs(scope: Scope | Reach): string {
  for (const id of [scope.tenantId, scope.userId]) if (!UUID.test(id)) throw new Error('a scope must hold two ids')
  const reach = 'reach' in scope && (scope.reach === 'tenant' || scope.reach === 'installation') ? scope.reach : 'own'
  return `begin; set local role askwire_app; set local askwire.tenant_id = '${scope.tenantId}'; set local askwire.user_id = '${scope.userId}'; set local askwire.reach = '${reach}'`
}

function scopedPool({ clients, kind }: Store, begin: string): PostgresPool {
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await clients.connect()
    const query = kind === 'embedded' ? oneByOne(client, begin) : atOnce(client, begin)
    return { query: query as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) }
  }
  return { options: clients.options, connect, end: async () => undefined }
}

type Send = (text: string, values: readonly unknown[]) => Promise<unknown>

/** When the statement fails, the `commit` behind it undoes the transaction. */
function atOnce(client: PostgresPoolClient, begin: string): Send {
  return async (text, values) => {
    const sent = [client.query(begin, []), client.query(text, values), client.query('commit', [])]
    const [begun, answered, committed] = await Promise.allSettled(sent)
    for (const part of [begun, answered, committed]) if (part?.status === 'rejected') throw part.reason
    return answered?.status === 'fulfilled' ? answered.value : undefined
  }
}

function oneByOne(client: PostgresPoolClient, begin: string): Send {
  return async (text, values) => {
    await client.query(begin, [])
    try {
      const answer = await client.query(text, values)
      await client.query('commit', [])
      return answer
    } catch (error) {
      await client.query('rollback', []).catch(() => undefined)
      throw error
    }
  }
}
