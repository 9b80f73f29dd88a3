import { newId, type Scope } from '@askwire/contracts'
import { createOfflineEmbedder } from '@askwire/models'
import { ensureOwner, type Store } from '@askwire/store'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { describeIndexing } from './indexing.suite.ts'
import { describeIsolation } from './isolation.suite.ts'
import { describeRanking } from './ranking.suite.ts'
import { describeRetrieving } from './retrieving.suite.ts'

export type Open = () => Store
export const embedder = createOfflineEmbedder()

/** A tenant and a user of their own, so that tests on one database do not see each other. */
export async function newScope(store: Store): Promise<Scope> {
  const scope = { tenantId: newId(), userId: newId() }
  await ensureOwner(store, scope)
  return scope
}

/** What indexing and retrieval must do on every store. `openMigrated` is called once. */
export function describeKnowledge(name: string, openMigrated: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store
    beforeAll(async () => {
      store = await openMigrated()
    }, 60_000)
    afterAll(async () => await store.close())
    const open = (): Store => store
    describeIndexing(open)
    describeRetrieving(open)
    describeIsolation(open)
    describeRanking(open)
  })
}
