import type { MessageView, Page, SessionDetail, SharedSnapshot, ShareView } from '@askwire/contracts'
import { serversOrSkip, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Answer, ask, call } from '../../support/client.ts'
import { NOBODY } from '../../support/sign-ins.ts'
import { type Person, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()
/** Wrong passwords of one share, from wherever and on whatever replica. */
const TRIES = 6
let stack: Stack
let [ada, bea]: Person[] = []
let sessionId: string
let messages: MessageView[]
const [first, second] = [() => stack.urls[0] as string, () => stack.urls[1] as string]
const person = (who: Person | undefined): Person => who as Person

beforeAll(async () => {
  stack = await startStack(servers, { gateways: 2, settings: { ASKWIRE_ACCOUNT_ATTEMPTS: `${TRIES}` } })
  ada = await signUp(first(), 'ada@example.com')
  bea = await signUp(first(), 'bea@example.com')
  sessionId = await answered('What is a share, see http://10.0.0.1/x ?')
  await answered('And then?', sessionId)
  messages = await list(sessionId, person(ada))
})
afterAll(async () => await stack?.close())

async function answered(message: string, into?: string): Promise<string> {
  const asked = await ask(
    first(),
    { message, mode: 'async', ...(into !== undefined && { sessionId: into }) },
    person(ada).auth,
  )
  const url = `${first()}/api/runs/${asked.runId}`
  await waitFor(
    async () => (await call<{ finishedAt: string | null }>(url, { headers: person(ada).auth })).body.finishedAt,
    {
      what: 'the answer',
    },
  )
  return asked.sessionId
}
const list = async (id: string, who: Person): Promise<MessageView[]> =>
  (
    await call<Page<MessageView>>(`${first()}/api/sessions/${id}/messages?limit=100`, { headers: who.auth })
  ).body.items.reverse()

type Made = ShareView & { url: string; key: string }
async function share(more: Record<string, unknown> = {}): Promise<Made> {
  const { status, body } = await call<Made>(`${first()}/api/sessions/${sessionId}/share`, {
    json: more,
    headers: person(ada).auth,
  })
  expect(status).toBe(201)
  return { ...body, key: body.url.split('/s/')[1] as string }
}
const view = async (key: string, url = second()): Promise<Answer<SharedSnapshot>> =>
  await call(`${url}/api/shared/${key}`, { headers: NOBODY })
const open = async (key: string, password: string): Promise<Answer<SharedSnapshot>> =>
  await call(`${second()}/api/shared/${key}`, { json: { password }, headers: NOBODY })

/** Every path of a JSON value, lists as `[]`. */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => pathsOf(item, `${path}[]`)))]
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, part]) => pathsOf(part, path === '' ? name : `${path}.${name}`))
}

const SNAPSHOT = ['messages[].content', 'messages[].createdAt', 'messages[].role', 'sharedAt', 'title']
const REFUSAL = [
  'error.code',
  'error.isOperational',
  'error.requestId',
  'error.retryable',
  'error.statusCode',
  'message',
  'status',
  'success',
]

describe('shares', () => {
  test('a viewer gets the snapshot and no key beside it, and no id of anything', async () => {
    const made = await share()
    const { status, body, headers } = await view(made.key)
    expect(status).toBe(200)
    expect(pathsOf(body).sort()).toEqual(SNAPSHOT)
    expect(body.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant'])
    const text = JSON.stringify(body)
    const { user } = person(ada)
    for (const secret of [
      sessionId,
      made.id,
      user.id,
      user.email,
      ...messages.flatMap(({ id, runId }) => [id, runId ?? id]),
      '10.0.0.1',
    ])
      expect(text).not.toContain(secret)
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
    expect(headers.get('x-robots-tag')).toContain('noindex')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('the list says what it has, never the key', async () => {
    const made = await share({ password: 'correct horse' })
    const { body } = await call<Page<ShareView>>(`${first()}/api/shares`, { headers: person(ada).auth })
    expect(body.items[0]).toMatchObject({ id: made.id, sessionId, protected: true, views: 0 })
    expect(JSON.stringify(body)).not.toContain(made.key)
    const other = await call<Page<ShareView>>(`${first()}/api/shares`, { headers: person(bea).auth })
    expect(other.body.items).toEqual([])
    const { rows } = await stack.deps.store.pool.query('select * from shares')
    expect(JSON.stringify(rows)).not.toContain(made.key)
    const record = await stack.deps.store.pool.query('select * from activities')
    expect(JSON.stringify(record.rows)).not.toContain(made.key)
  })

  test('a password opens it, nothing else does', async () => {
    const { key, id } = await share({ password: 'correct horse' })
    const missing = await view(key)
    const wrong = await open(key, 'wrong horse')
    for (const { status, body } of [missing, wrong]) {
      expect(status).toBe(403)
      expect(body).toMatchObject({ error: { code: 'password_required' } })
    }
    expect((await open(key, 'correct horse')).status).toBe(200)
    const shares = await call<Page<ShareView>>(`${first()}/api/shares`, { headers: person(ada).auth })
    expect(shares.body.items.find((one) => one.id === id)?.views).toBe(1)
  })

  test('every answer that a key can bring has the snapshot or a refusal in it, and no other field or cookie', async () => {
    const [bare, closed] = [await share(), await share({ password: 'correct horse' })]
    const seen: [string, number, Answer<unknown>][] = [
      ['GET', 200, await view(bare.key)],
      ['POST, no password needed', 200, await open(bare.key, 'whatever it is')],
      ['POST, right', 200, await open(closed.key, 'correct horse')],
      ['GET, closed', 403, await view(closed.key)],
      ['POST, wrong', 403, await open(closed.key, 'wrong horse')],
      ['GET, unknown', 404, await view('AAAAAAAAAAAAAAAAAAAAAA')],
      ['POST, unknown', 404, await open('AAAAAAAAAAAAAAAAAAAAAA', 'correct horse')],
      ['copy by nobody', 401, await call(`${second()}/api/shared/${bare.key}/copy`, { json: {}, headers: NOBODY })],
    ]
    for (const [what, status, answer] of seen) {
      expect([what, answer.status]).toEqual([what, status])
      expect([what, pathsOf(answer.body).sort()]).toEqual([what, status === 200 ? SNAPSHOT : REFUSAL])
      expect([what, answer.headers.get('set-cookie'), answer.headers.get('etag')]).toEqual([what, null, null])
      const told = JSON.stringify([answer.body, ...answer.headers])
      for (const secret of [sessionId, bare.id, closed.id, person(ada).user.id, bare.key, closed.key])
        expect([what, told.includes(secret)]).toEqual([what, false])
    }
  })

  test('passwords of a share are tried a few times in all, whatever the replica; then not even the right one opens it', async () => {
    const { key } = await share({ password: 'correct horse' })
    const other = await share({ password: 'correct horse' })
    const guess = async (password: string, at: number, path = '') =>
      await call(`${at % 2 === 0 ? first() : second()}/api/shared/${key}${path}`, {
        json: { password },
        headers: path === '' ? NOBODY : person(bea).auth,
      })
    for (let at = 0; at < TRIES; at += 1)
      expect((await guess(`guess ${at}`, at, at === 1 ? '/copy' : '')).status).toBe(403)
    for (const at of [0, 1]) {
      const refused = await guess('correct horse', at, at === 1 ? '/copy' : '')
      expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
      expect(pathsOf(refused.body).sort()).toEqual(REFUSAL)
    }
    expect((await open(other.key, 'correct horse')).status).toBe(200)
  })

  test('what a later change does to the session does not reach the snapshot', async () => {
    const { key } = await share({ leafId: messages[1]?.id })
    const { body } = await view(key)
    expect(body.messages).toHaveLength(2)
    await answered('One more?', sessionId)
    expect((await view(key)).body).toEqual(body)
  })

  test('unknown, malformed, expired, revoked, of a deleted session, of a barred owner: the same answer on every replica', async () => {
    const { pool } = stack.deps.store
    const [expired, revoked, alsoRevoked] = [await share(), await share(), await share()]
    await pool.query(`update shares set expires_at = now() - interval '1 second' where id = $1`, [expired.id])
    for (const path of [`/api/shares/${revoked.id}`, `/api/shares/${alsoRevoked.id}`]) {
      expect((await call(`${second()}${path}`, { method: 'DELETE', headers: person(bea).auth })).status).toBe(404)
      expect((await call(`${first()}${path}`, { method: 'DELETE', headers: person(ada).auth })).status).toBe(204)
    }
    const live = await share()
    const bare = ({ body }: Answer<unknown>): unknown => {
      const { error, ...rest } = body as { error: { requestId?: string } }
      return { ...rest, error: { ...error, requestId: '' } }
    }
    const unknown = await view('AAAAAAAAAAAAAAAAAAAAAA')
    expect(unknown.status).toBe(404)
    const same = async (key: string): Promise<void> => {
      for (const url of [first(), second()]) {
        const answer = await view(key, url)
        expect([answer.status, bare(answer)]).toEqual([404, bare(unknown)])
      }
      const tried = await open(key, 'some password')
      expect([tried.status, bare(tried)]).toEqual([404, bare(unknown)])
      const copied = await call(`${first()}/api/shared/${key}/copy`, { json: {}, headers: person(bea).auth })
      expect(copied.status).toBe(404)
    }
    for (const key of ['x', '%00', expired.key, revoked.key]) await same(key)
    for (const [bar, free] of [
      [`update users set disabled_at = now() where id = $1`, `update users set disabled_at = null where id = $1`],
    ] as const) {
      await pool.query(bar, [person(ada).user.id])
      await same(live.key)
      await pool.query(free, [person(ada).user.id])
    }
    expect((await view(live.key)).status).toBe(200)
    await pool.query('update sessions set deleted_at = now() where id = $1', [sessionId])
    await same(live.key)
    await pool.query('update sessions set deleted_at = null where id = $1', [sessionId])
    const all = await call(`${first()}/api/sessions/${sessionId}/share`, {
      method: 'DELETE',
      headers: person(ada).auth,
    })
    expect(all.status).toBe(204)
    await same(live.key)
  })

  test('a viewer who is signed in copies it into a session of their own', async () => {
    const { key } = await share({ password: 'correct horse' })
    const copy = (json: unknown) =>
      call<SessionDetail>(`${second()}/api/shared/${key}/copy`, { json, headers: person(bea).auth })
    expect((await copy({})).status).toBe(403)
    const { status, body } = await copy({ password: 'correct horse' })
    expect(status).toBe(201)
    expect(body.forkedFrom).toBeNull()
    const copied = await list(body.id, person(bea))
    expect(copied.map(({ role }) => role)).toEqual(messages.map(({ role }) => role).concat(['user', 'assistant']))
    expect((await call(`${first()}/api/sessions/${body.id}`, { headers: person(ada).auth })).status).toBe(404)
    expect((await call(`${second()}/api/shared/${key}/copy`, { json: {}, headers: NOBODY })).status).toBe(401)
  })

  test('only the owner shares, and only messages that are there', async () => {
    const url = `${first()}/api/sessions/${sessionId}/share`
    expect((await call(url, { json: {}, headers: person(bea).auth })).status).toBe(404)
    expect((await call(url, { json: { leafId: sessionId }, headers: person(ada).auth })).status).toBe(404)
    expect((await call(url, { method: 'DELETE', headers: person(bea).auth })).status).toBe(404)
  })
})

describe('forks', () => {
  test('the path alone, or every branch, under new ids, with the place it came from', async () => {
    const fork = (json: unknown, who = person(ada)) =>
      call<SessionDetail>(`${first()}/api/sessions/${sessionId}/fork`, { json, headers: who.auth })
    const from = messages[1] as MessageView
    const { status, body } = await fork({ messageId: from.id })
    expect(status).toBe(201)
    expect(body.forkedFrom).toEqual({ sessionId, messageId: from.id })
    const copied = await list(body.id, person(ada))
    expect(copied.map(({ role, content, resources }) => ({ role, content, resources }))).toEqual(
      messages.slice(0, 2).map(({ role, content, resources }) => ({ role, content, resources })),
    )
    expect(copied[1]).toMatchObject({ parentId: copied[0]?.id, runId: null })
    expect(body.activeLeafId).toBe(copied[1]?.id)
    expect(copied.some(({ id }) => messages.some((message) => message.id === id))).toBe(false)
    const all = await fork({ messageId: from.id, branches: 'all' })
    expect((await list(all.body.id, person(ada))).length).toBe((await list(sessionId, person(ada))).length)
    await answered('On from here?', body.id)
    expect((await list(body.id, person(ada)))[2]?.parentId).toBe(copied[1]?.id)
    expect((await fork({ messageId: from.id }, person(bea))).status).toBe(404)
    expect((await fork({ messageId: body.id })).status).toBe(404)
  })
})
