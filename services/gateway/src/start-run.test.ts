import { acceptQuestion, BUILT_IN_OWNER, openStore, type Store } from '@askwire/store'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startRun } from './start-run.ts'
import { createTestApp, openTestStore, type TestApp } from './test-support/create-test-app.ts'

let store: Store
let one: TestApp
beforeAll(async () => {
  store = await openTestStore()
  one = await createTestApp(store)
}, 60_000)
afterAll(async () => {
  await one?.close()
  await store?.close()
})

test('a question that interrupts is accepted, also when the stop of the other run fails after its commit', async () => {
  const scope = BUILT_IN_OWNER
  const question = { message: 'why?', deadlineMs: 60_000 }
  const first = await acceptQuestion(store, scope, { ...question, onBusy: 'enqueue' })
  if (first.kind !== 'accepted') throw new Error(first.kind)
  const { id: blockingId, sessionId } = first.run
  const away = await openStore({ dataDir: ':memory:' })
  await away.close()
  const asked = await startRun({ ...one.context, store: away }, 'interrupt', async () => ({
    scope,
    ...(await acceptQuestion(store, scope, { ...question, sessionId, onBusy: 'interrupt' })),
  }))
  expect(asked).toMatchObject({ created: true, accepted: { sessionId, status: 'waiting', position: 1 } })
  const blocking = await store.db.selectFrom('runs').selectAll().where('id', '=', blockingId).executeTakeFirst()
  // Not stopped by this gateway, but whoever gets it is told.
  expect(blocking).toMatchObject({ status: 'queued', cancelRequestedAt: expect.any(Date) })
})
