import pg from 'pg'

export type DatabaseClient = {
  /** Rejects after 10 s. */
  query<T>(statement: string, values?: readonly unknown[]): Promise<T[]>
  close(): Promise<void>
}

/** One connection of a test's own, to look at rows or to hold a lock. Survives the loss of its server as a rejection. */
export async function openDatabaseClient(url: string): Promise<DatabaseClient> {
  const client = new pg.Client({ connectionString: url, query_timeout: 10_000, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  await client.connect()
  return {
    query: async <T>(statement: string, values: readonly unknown[] = []) => {
      const { rows } = await client.query(statement, [...values])
      return rows as T[]
    },
    close: async () => await client.end().catch(() => {}),
  }
}
