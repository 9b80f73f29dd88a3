import { newId } from '@askwire/contracts'
import { BUILT_IN_OWNER, eraseSessionRows, type Store } from '@askwire/store'
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

async function send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) {
  const reply = await one.app.inject({ method, url, headers: local, ...(payload && { payload }) })
  return { status: reply.statusCode, body: reply.body ? reply.json() : undefined }
}
const make = async (body: object = {}) => (await send('POST', '/api/sessions', body)).body.id as string
const listed = async (query = ''): Promise<string[]> =>
  (await send('GET', `/api/sessions${query}`)).body.items.map((item: { id: string }) => item.id)

describe('sessions over HTTP', () => {
  test('made, changed, found, deleted, restored', async () => {
    const id = await make({ title: 'First', tags: ['a'] })
    expect(await listed()).toEqual([id])
    const folder = await send('POST', '/api/folders', { name: 'Work' })
    expect(folder.status).toBe(201)
    const patched = await send('PATCH', `/api/sessions/${id}`, { folderId: folder.body.id, archived: true, draft: 'x' })
    expect(patched).toMatchObject({ status: 200, body: { archived: true, draft: 'x', title: 'First' } })
    expect(await listed()).toEqual([])
    expect(await listed(`?archived=true&folderId=${folder.body.id}&tag=A`)).toEqual([id])
    expect((await send('GET', '/api/tags')).body).toEqual({ items: [{ tag: 'a', sessions: 1 }] })
    expect((await send('DELETE', `/api/sessions/${id}`)).status).toBe(204)
    expect((await send('DELETE', `/api/sessions/${id}`)).status).toBe(404)
    expect((await send('GET', `/api/sessions/${id}/messages`)).status).toBe(404)
    expect((await send('POST', '/api/chat', { message: 'why?', sessionId: id })).status).toBe(404)
    expect(await listed('?trash=true')).toEqual([id])
    expect((await send('POST', `/api/sessions/${id}/restore`)).body).toMatchObject({ id, deletedAt: null })
    expect((await send('DELETE', `/api/folders/${folder.body.id}`)).status).toBe(204)
  })

  test('what is malformed, foreign or too much is refused', async () => {
    for (const url of ['/api/sessions?sort=size', '/api/sessions?archived=maybe', '/api/sessions?cursor=!'])
      expect([url, (await send('GET', url)).status]).toEqual([url, 400])
    expect((await send('PATCH', `/api/sessions/${await make()}`, { temporary: true })).status).toBe(400)
    expect((await send('GET', `/api/sessions/${newId()}`)).status).toBe(404)
    const ids = [await make(), newId()]
    expect((await send('POST', '/api/sessions/bulk', { action: 'delete', ids })).status).toBe(404)
    expect((await send('POST', '/api/sessions/bulk', { action: 'read', ids: ids.slice(0, 1) })).body).toEqual({
      changed: 1,
    })
  })

  test('a question in an archived session takes it out of the archive', async () => {
    const id = await make()
    await send('PATCH', `/api/sessions/${id}`, { archived: true })
    expect((await send('POST', '/api/chat', { message: 'why?', sessionId: id })).status).toBe(202)
    expect((await send('GET', `/api/sessions/${id}`)).body).toMatchObject({ archived: false, activeRun: true })
    await send('PATCH', `/api/sessions/${id}`, { archived: true })
    expect((await send('POST', '/api/chat', { message: 'and then?', sessionId: id })).status).toBe(202)
    expect((await send('GET', `/api/sessions/${id}`)).body).toMatchObject({ archived: false })
  })

  test('a temporary one is asked in like any other and is in no list', async () => {
    const id = await make({ temporary: true })
    expect((await send('POST', '/api/chat', { message: 'why?', sessionId: id })).status).toBe(202)
    expect(await listed()).not.toContain(id)
    expect((await send('GET', `/api/sessions/${id}`)).body).toMatchObject({ temporary: true })
  })

  test('deleting one ends its stream at once and stops what runs in it', async () => {
    const asked = await send('POST', '/api/chat', { message: 'why?' })
    const { sessionId, runId } = asked.body
    const url = await one.app.listen({ host: '127.0.0.1', port: 0 })
    const stream = await fetch(`${url}/api/sessions/${sessionId}/events`)
    const over = stream.text()
    expect((await send('DELETE', `/api/sessions/${sessionId}`)).status).toBe(204)
    expect(await over).toMatch(/^retry:/)
    expect((await fetch(`${url}/api/sessions/${sessionId}/events`)).status).toBe(404)
    await until(async () => (await send('GET', `/api/runs/${runId}`)).body.status === 'cancelled')
    expect(await eraseSessionRows(store, BUILT_IN_OWNER, sessionId, { receipt: false })).toMatchObject({ sessions: 1 })
    expect((await send('GET', `/api/sessions/${sessionId}`)).status).toBe(404)
  })

  test('how long sessions are kept is set for the tenant by its administrators, and recorded', async () => {
    expect((await send('PATCH', '/api/settings', { retentionDays: 90 })).status).toBe(403)
    const administered = await createTestApp(store, {}, (owner) => async (request) => ({
      ...owner,
      traceparent: request.traceparent,
      ...{ requestId: request.id, address: request.ip, agent: '', owner: true, loginId: null, tokenId: null },
      permissions: new Set(['users.manage', 'activities.read'] as const),
      limits: { maxUnfinishedRuns: null, requestsPerMinute: null },
    }))
    try {
      const call = async (method: 'GET' | 'PATCH', url: string, payload?: object) =>
        (await administered.app.inject({ method, url, headers: local, ...(payload && { payload }) })).json()
      expect(await call('PATCH', '/api/settings', { retentionDays: 0 })).toMatchObject({ error: { statusCode: 400 } })
      expect(await call('PATCH', '/api/settings', { retentionDays: 90 })).toEqual({ retentionDays: 90 })
      expect(await call('GET', '/api/settings')).toEqual({ retentionDays: 90 })
      const { items } = await call('GET', '/api/activities?action=setting.update')
      expect(items[0]).toMatchObject({ before: { retentionDays: null }, after: { retentionDays: 90 } })
    } finally {
      await administered.close()
    }
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('it did not happen')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
