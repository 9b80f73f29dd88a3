import { IN_MEMORY, migrate, openStore } from '@askwire/store'
import { describeKnowledge } from '../test/suites/knowledge.suite.ts'

describeKnowledge('the embedded store', async () => {
  const store = await openStore({ dataDir: IN_MEMORY })
  await migrate(store)
  return store
})
