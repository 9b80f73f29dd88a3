import type { Store } from '@askwire/store'
import { afterAll, beforeAll } from '@jest/globals'
import { createTestApp, openTestStore, type TestApp } from './create-test-app.ts'

const START_MS = 60_000

/** A gateway's HTTP side and its database in memory, for the tests of one file; there once they run. */
export function ownApp(): Pick<TestApp, 'app' | 'context'> & { readonly store: Store } {
  let store: Store
  let one: TestApp
  beforeAll(async () => {
    store = await openTestStore()
    one = await createTestApp(store)
  }, START_MS)
  afterAll(async () => {
    await one?.close()
    await store?.close()
  })
  return {
    get store() {
      return store
    },
    get app() {
      return one.app
    },
    get context() {
      return one.context
    },
  }
}
