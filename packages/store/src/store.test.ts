import { describeStore } from '../test/suites/store.suite.ts'
import { migrate } from './migrate.ts'
import { IN_MEMORY } from './open-embedded.ts'
import { openStore } from './open-store.ts'

describeStore('the embedded store', async () => {
  const store = await openStore({ dataDir: IN_MEMORY })
  await Promise.all([migrate(store), migrate(store)])
  return store
})
