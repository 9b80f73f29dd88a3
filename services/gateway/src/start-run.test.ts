import { continueTrace, QUEUES } from '@askwire/contracts'
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
  const how = { onBusy: 'interrupt', trace: { requestId: 'r', traceparent: continueTrace(undefined) } } as const
  const asked = await startRun({ ...one.context, store: away }, how, async () => ({
    scope,
    ...(await acceptQuestion(store, scope, { ...question, sessionId, onBusy: 'interrupt' })),
  }))
  expect(asked).toMatchObject({ created: true, accepted: { sessionId, status: 'waiting', position: 1 } })
  const blocking = await store.db.selectFrom('runs').selectAll().where('id', '=', blockingId).executeTakeFirst()
  // Not stopped by this gateway, but whoever gets it is told.
  expect(blocking).toMatchObject({ status: 'queued', cancelRequestedAt: expect.any(Date) })
})

test('the ids of a request come back with its answer, and go with the message that brings its question to a worker', async () => {
  const first = Promise.withResolvers<Readonly<Record<string, unknown>>>()
  let runId = ''
  const consumer = await one.context.broker.consume({
    queue: QUEUES.questions,
    prefetch: 10,
    handler: async ({ messageId, headers }) => {
      if (headers['x-request-id'] === 'asked-1' && messageId !== undefined) {
        runId = messageId
        first.resolve(headers)
      }
      return 'ack'
    },
  })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const headers = { host: '127.0.0.1:8787', 'x-request-id': 'asked-1', traceparent }
  const reply = await one.app.inject({ method: 'POST', url: '/api/chat', headers, payload: { message: 'why?' } })
  expect(reply.statusCode).toBe(202)
  expect(reply.headers['x-request-id']).toBe('asked-1')
  expect(reply.headers.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
  expect(await first.promise).toEqual({ 'x-request-id': 'asked-1', traceparent: reply.headers.traceparent })
  expect(runId).toBe(reply.json().runId)
  await consumer.close({ graceMs: 1000 })
})
