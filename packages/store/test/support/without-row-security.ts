import type { Store } from '@askwire/store'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { databaseOn } from '../../src/database-on.ts'

/** The same store with every statement run by the owner of the tables: what the owner conditions alone hold, and cost. */
export function withoutRowSecurity(store: Store): Store {
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await store.clients.connect()
    const query = async (text: string, values: readonly unknown[]): Promise<unknown> =>
      await client.query(text.startsWith('begin; set local role') ? 'begin' : text, values)
    return { query: query as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) }
  }
  const clients: PostgresPool = { ...store.clients, connect }
  return { ...store, clients, db: databaseOn(clients) }
}
