import { migrate, openStore, type Store } from '@askwire/store'
import { createDatabase, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { describeLocking } from './suites/locking.suite.ts'
import { describeStore } from './suites/store.suite.ts'

const servers = serversOrSkip()
const databases: { drop(): Promise<void> }[] = []

afterAll(async () => {
  for (const database of databases) await database.drop()
}, 30_000)

/** A store on a database of its own, migrated by three migrators at once. */
async function openMigrated(maxConnections: number): Promise<Store> {
  const database = await createDatabase(servers)
  databases.push(database)
  // What is tested here is order, not speed: 50 callers of one connection may wait their turn.
  const store = await openStore({
    url: database.url,
    maxConnections,
    acquireTimeoutMs: 20_000,
    statementTimeoutMs: 20_000,
  })
  await Promise.all([migrate(store), migrate(store), migrate(store)])
  return store
}

describeStore('PostgreSQL', () => openMigrated(10))
describeStore('PostgreSQL through one connection', () => openMigrated(1))

describe('PostgreSQL with several connections', () => {
  let store: Store
  beforeAll(async () => {
    store = await openMigrated(10)
  }, 30_000)
  afterAll(() => store.close())
  describeLocking(() => store)
})
