import { NO_NOTICE } from '@askwire/cache'
import { newId, type SessionDetail } from '@askwire/contracts'
import type { Store } from '@askwire/store'
import { waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestApp, openTestStore, type TestApp } from '../test-support/create-test-app.ts'

let store: Store
let app: TestApp
let sessionId: string
let address = 0
const HEADERS = { host: 'localhost' }

beforeAll(async () => {
  store = await openTestStore()
  app = await createTestApp(store, { ASKWIRE_ACCOUNT_ATTEMPTS: '4', ASKWIRE_ADDRESS_ATTEMPTS: '20' })
  const asked = await app.app.inject({
    method: 'POST',
    url: '/api/chat',
    headers: HEADERS,
    payload: { message: 'Why?' },
  })
  sessionId = asked.json().sessionId
})
afterAll(async () => {
  await app?.close()
  await store?.close()
})

const nextAddress = (): string => {
  address += 1
  return `10.9.${address >> 8}.${address & 255}`
}
async function share(payload: Record<string, unknown>): Promise<string> {
  const made = await app.app.inject({
    method: 'POST',
    url: `/api/sessions/${sessionId}/share`,
    headers: HEADERS,
    payload,
  })
  expect(made.statusCode).toBe(201)
  return made.json().url.split('/s/')[1]
}
async function open(key: string, password: string, from = nextAddress()): Promise<number> {
  const payload = { password }
  const url = `/api/shared/${key}`
  return (await app.app.inject({ method: 'POST', url, headers: HEADERS, payload, remoteAddress: from })).statusCode
}

describe('guessing', () => {
  test('a password is guessed a few times, from however many addresses', async () => {
    const key = await share({ password: 'correct horse' })
    const guesses: number[] = []
    for (let at = 0; at < 8; at += 1) guesses.push(await open(key, `guess ${at}`))
    expect(guesses).toEqual([403, 403, 403, 403, 429, 429, 429, 429])
    expect(await open(key, 'correct horse')).toBe(429)
  })

  test('addresses of colleagues are guessed a few times; who is named by id is no guess', async () => {
    const add = async (who: Record<string, string>): Promise<number> => {
      const [url, payload] = [`/api/sessions/${sessionId}/members`, { ...who, access: 'view' }]
      const sent = { method: 'POST', url, headers: HEADERS, payload, remoteAddress: nextAddress() } as const
      return (await app.app.inject(sent)).statusCode
    }
    for (let at = 0; at < 20; at += 1) expect(await add({ email: `guess${at}@example.com` })).toBe(404)
    expect(await add({ email: 'guess@example.com' })).toBe(429)
    expect(await add({ userId: newId() })).toBe(404)
  })

  test('who knows the password has every try again', async () => {
    const key = await share({ password: 'correct horse' })
    for (let at = 0; at < 3; at += 1) {
      for (const password of ['one', 'two', 'three']) expect(await open(key, password)).toBe(403)
      expect(await open(key, 'correct horse')).toBe(200)
    }
  })

  test('one address guesses neither many passwords nor many keys', async () => {
    const from = nextAddress()
    const passwords: number[] = []
    for (let at = 0; at < 12; at += 1) passwords.push(await open(`${at}`.padStart(22, 'A'), 'guess', from))
    expect(passwords).toEqual([...Array(10).fill(404), 429, 429])
    const other = nextAddress()
    const get = async (at: number): Promise<number> => {
      const url = `/api/shared/${`${at}`.padStart(22, 'B')}`
      return (await app.app.inject({ method: 'GET', url, headers: HEADERS, remoteAddress: other })).statusCode
    }
    const keys: number[] = []
    // A try comes back every few seconds, so on a slow machine there are some more.
    while (keys.at(-1) !== 429 && keys.length < 400) keys.push(await get(keys.length))
    expect(keys.at(-1)).toBe(429)
    expect(keys.indexOf(429)).toBeGreaterThanOrEqual(200)
  })
})

test('the title too is without ids and addresses of this installation', async () => {
  const url = `/api/sessions/${sessionId}`
  const title = `Of ${sessionId} at http://10.0.0.1/x`
  await app.app.inject({ method: 'PATCH', url, headers: HEADERS, payload: { title } })
  const key = await share({})
  const seen = await app.app.inject({ url: `/api/shared/${key}`, headers: HEADERS, remoteAddress: nextAddress() })
  expect(seen.json().title).toBe('Of (id) at (internal address)')
})

describe('drafts', () => {
  const patch = async (payload: Record<string, unknown>) =>
    await app.app.inject({ method: 'PATCH', url: `/api/sessions/${sessionId}`, headers: HEADERS, payload })

  test('the last one wins, unless it says which one it was written over', async () => {
    const first = (await patch({ draft: 'one' })).json() as SessionDetail
    const second = (await patch({ draft: 'two' })).json() as SessionDetail
    expect(second.draftVersion).toBe(first.draftVersion + 1)
    const late = await patch({ draft: 'three', draftVersion: first.draftVersion })
    expect([late.statusCode, late.json().error.code]).toEqual([409, 'conflict'])
    const after = (await patch({ draft: 'four', draftVersion: second.draftVersion })).json() as SessionDetail
    expect(after).toMatchObject({ draft: 'four', draftVersion: second.draftVersion + 1 })
  })

  test('other devices hear of it once while somebody writes, and never what', async () => {
    const { notices } = app.context
    const { userId } = (await store.db.selectFrom('sessions').select('userId').executeTakeFirstOrThrow()) as {
      userId: string
    }
    const told = async () =>
      (await notices.log.read(userId, NO_NOTICE, 1000)).notices
        .map(({ text }) => text)
        .filter((text) => text.includes('draft.updated'))
    const before = (await told()).length
    let last = 0
    for (const draft of ['s', 'se', 'sec', 'secr', 'secret']) last = (await patch({ draft })).json().draftVersion
    await waitFor(async () => (await told()).at(-1)?.includes(`"draftVersion":${last}`), { what: 'the notice' })
    const texts = await told()
    expect(texts.length - before).toBeLessThanOrEqual(3)
    expect(texts.join()).not.toContain('secr')
  })
})

describe('notices', () => {
  test('of feedback, folders and revoked shares come to one’s other devices', async () => {
    const { notices } = app.context
    const { userId } = await store.db.selectFrom('sessions').select('userId').executeTakeFirstOrThrow()
    let last = await notices.log.lastId(userId)
    /** What is told of one request. */
    const told = async (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
      const { statusCode, body } = await app.app.inject({
        method,
        url,
        headers: HEADERS,
        ...(payload && { payload }),
      })
      expect([url, statusCode < 300]).toEqual([url, true])
      const news = await waitFor(
        async () => {
          const { notices: found } = await notices.log.read(userId, last, 10)
          return found.length > 0 ? found : undefined
        },
        { what: `the notice of ${method} ${url}` },
      )
      last = news.at(-1)?.id ?? last
      return { body, news: news.map(({ text }) => JSON.parse(text)) }
    }
    const ofSession = [{ event: 'session.updated', sessionId }]
    const ofAll = [{ event: 'session.updated', sessionId: null }]
    const made = await told('POST', '/api/folders', { name: 'Lamps' })
    const folder = `/api/folders/${JSON.parse(made.body).id}`
    expect(made.news).toMatchObject(ofAll)
    expect((await told('PATCH', folder, { name: 'Lanterns' })).news).toMatchObject(ofAll)
    expect((await told('DELETE', folder)).news).toMatchObject(ofAll)

    const answerId = await putAnswer()
    const feedback = `/api/sessions/${sessionId}/messages/${answerId}/feedback`
    const ofAnswer = [{ ...ofSession[0], data: { messageId: answerId } }]
    expect((await told('POST', feedback, { rating: 'up' })).news).toMatchObject(ofAnswer)
    expect((await told('DELETE', feedback)).news).toMatchObject(ofAnswer)

    const shared = await told('POST', `/api/sessions/${sessionId}/share`, {})
    expect(shared.news).toMatchObject(ofSession)
    expect((await told('DELETE', `/api/shares/${JSON.parse(shared.body).id}`)).news).toMatchObject(ofSession)
  })
})

/** An answer, which no worker is there to give. */
async function putAnswer(): Promise<string> {
  const { id: parentId, ...owner } = await store.db
    .selectFrom('messages')
    .select(['id', 'tenantId', 'userId', 'sessionId'])
    .where('sessionId', '=', sessionId)
    .executeTakeFirstOrThrow()
  const id = newId()
  const answer = { id, ...owner, parentId, role: 'assistant' as const, content: 'Because.' }
  await store.db.insertInto('messages').values(answer).execute()
  return id
}
