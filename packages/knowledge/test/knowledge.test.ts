import { migrate, openStore, type Store } from '@askwire/store'
import { createDatabase, serversOrSkip } from '@askwire/testing'
import { afterAll } from '@jest/globals'
import { describeDeath } from './suites/death.suite.ts'
import { describeIndexUse } from './suites/index-use.suite.ts'
import { describeKnowledge } from './suites/knowledge.suite.ts'

const servers = serversOrSkip()
const databases: { drop(): Promise<void> }[] = []

afterAll(async () => {
  for (const database of databases) await database.drop()
}, 30_000)

async function openMigrated(): Promise<{ store: Store; url: string }> {
  const database = await createDatabase(servers)
  databases.push(database)
  const store = await openStore({ url: database.url, acquireTimeoutMs: 20_000, statementTimeoutMs: 20_000 })
  await migrate(store)
  return { store, url: database.url }
}

describeKnowledge('PostgreSQL', async () => (await openMigrated()).store)
describeIndexUse(async () => (await openMigrated()).store)
describeDeath(openMigrated)
