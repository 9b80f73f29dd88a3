import { newId } from '@askwire/contracts'
import { BUILT_IN_OWNER, eraseSessionRows, type Store, withScope } from '@askwire/store'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestApp, openTestStore, type TestApp } from '../test-support/create-test-app.ts'

const local = { host: '127.0.0.1:8787' }

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

async function post(url: string, payload: object, key?: string) {
  const headers = { ...local, ...(key !== undefined && { 'idempotency-key': key }) }
  const reply = await one.app.inject({ method: 'POST', url, headers, payload })
  return { status: reply.statusCode, body: reply.json() }
}
const titled = async (title: string): Promise<number> => {
  const reply = await one.app.inject({ url: '/api/sessions?limit=100', headers: local })
  return reply.json().items.filter((item: { title: string }) => item.title === title).length
}

describe('an Idempotency-Key on what makes something', () => {
  test('the same request makes it once and gets the same reply, later and when they race', async () => {
    const key = newId()
    const all = await Promise.all(Array.from({ length: 6 }, () => post('/api/sessions', { title: 'once' }, key)))
    all.push(await post('/api/sessions', { title: 'once' }, key))
    expect(all[0]).toMatchObject({ status: 201, body: { title: 'once' } })
    for (const reply of all) expect(reply).toEqual(all[0])
    expect(await titled('once')).toBe(1)
    // What is told of a session is gone with it.
    await eraseSessionRows(store, BUILT_IN_OWNER, all[0]?.body.id, { receipt: false })
    expect(await store.db.selectFrom('keptReplies').selectAll().where('key', '=', key).execute()).toEqual([])
    const [without, other] = [await post('/api/sessions', { title: 'once' }), await post('/api/sessions', {}, newId())]
    expect(new Set([all[0]?.body.id, without.body.id, other.body.id]).size).toBe(3)
  })

  test('another request under the key is refused, whether of another body or to another address', async () => {
    const key = newId()
    expect((await post('/api/folders', { name: 'mine' }, key)).status).toBe(201)
    for (const reply of [await post('/api/folders', { name: 'else' }, key), await post('/api/sessions', {}, key)])
      expect(reply).toMatchObject({ status: 409, body: { error: { code: 'idempotency_conflict' } } })
  })

  test('what failed is handled anew', async () => {
    const key = newId()
    await post('/api/folders', { name: 'taken' })
    expect((await post('/api/folders', { name: 'taken' }, key)).status).toBe(409)
    await store.db.deleteFrom('folders').where('name', '=', 'taken').execute()
    expect((await post('/api/folders', { name: 'taken' }, key)).status).toBe(201)
  })

  test('a malformed key is refused', async () => {
    expect((await post('/api/sessions', {}, 'two words')).status).toBe(400)
  })

  test('what is shown once is the same again, and is nowhere in the database as it is', async () => {
    const key = newId()
    const { id } = (await post('/api/sessions', { title: 'shared' })).body
    const asked = (await post('/api/chat', { message: 'why?', sessionId: id })).body
    expect(asked.sessionId).toBe(id)
    const first = await post(`/api/sessions/${id}/share`, {}, key)
    expect(first.status).toBe(201)
    expect(await post(`/api/sessions/${id}/share`, {}, key)).toEqual(first)
    const shareKey = new URL(first.body.url, 'http://localhost').pathname.split('/').at(-1) ?? ''
    const kept = await store.db.selectFrom('keptReplies').selectAll().where('key', '=', key).executeTakeFirstOrThrow()
    expect(shareKey.length).toBeGreaterThan(10)
    expect(kept.body?.includes(shareKey)).toBe(false)
    expect(kept.sessionId).toBe(id)
  })

  test('the key of another person is another key', async () => {
    const key = newId()
    const mine = await post('/api/sessions', { title: 'two people' }, key)
    const row = await store.db.selectFrom('keptReplies').selectAll().where('key', '=', key).executeTakeFirstOrThrow()
    const stranger = { tenantId: newId(), userId: newId() }
    const seen = await withScope(store, stranger, (db) => db.selectFrom('keptReplies').selectAll().execute())
    expect([mine.status, row.status, seen]).toEqual([201, 201, []])
  })
})
