import type { ErrorBody, LoginView, MeView, Page, SignedIn } from '@askwire/contracts'
import { serversOrSkip, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Answer, ask, call, openStream } from '../../support/client.ts'
import { NOBODY } from '../../support/sign-ins.ts'
import { PASSWORD, type Person, signIn, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()
/** The second replica believes what it knows for longer than any test takes: only news can have told it. */
const NEWS_ALONE_MS = 600_000

describe('signing in', () => {
  let stack: Stack
  let url: string
  let other: string

  beforeAll(async () => {
    stack = await startStack(servers, { gateways: 2, recheckMs: [undefined, NEWS_ALONE_MS] })
    url = stack.urls[0] ?? ''
    other = stack.urls[1] ?? ''
  }, 60_000)
  afterAll(async () => await stack.close(), 60_000)

  const me = async (person: Pick<Person, 'auth'>, at = url): Promise<Answer<MeView>> =>
    await call<MeView>(`${at}/api/auth/me`, { headers: person.auth })
  const refresh = async (refreshToken: string, at = url): Promise<Answer<SignedIn & ErrorBody>> =>
    await call(`${at}/api/auth/refresh`, { json: { refreshToken }, headers: NOBODY })
  const actionsOf = async (userId: string): Promise<string[]> => {
    const text = 'select action from activities where actor_id = $1 order by created_at'
    const { rows } = await stack.deps.store.pool.query<{ action: string }>(text, [userId])
    return rows.map(({ action }) => action)
  }

  test('the first account owns the installation, the next are users; without a credential there is nothing', async () => {
    const { body: owner } = await me({ auth: stack.auth as Person['auth'] })
    expect(owner).toMatchObject({ email: 'owner@example.com', owner: true, role: { name: 'admin' }, trial: false })
    expect(owner.permissions).toContain('installation.operate')
    const ann = await signUp(url, 'ann@example.com')
    expect(ann.user).toMatchObject({
      owner: false,
      role: { name: 'user' },
      tenantId: owner.tenantId,
      mfaEnabled: false,
    })
    expect(ann.user.permissions).not.toContain('users.read')
    for (const path of ['/api/auth/me', '/api/documents', '/api/auth/logins'])
      expect((await call(`${url}${path}`, { headers: NOBODY })).status).toBe(401)
    expect(await actionsOf(ann.user.id)).toEqual(['account.register', 'login.success'])
  })

  test('an address has one account, whatever its case; fields that are not asked for are refused', async () => {
    await signUp(url, 'bob@example.com')
    const json = { email: 'BOB@example.com', password: PASSWORD, name: 'Bob' }
    expect((await call(`${url}/api/auth/register`, { json, headers: NOBODY })).status).toBe(409)
    for (const extra of [
      { role: 'admin' },
      { owner: true },
      { tenantId: ids() },
      { id: ids() },
      { createdAt: '2020' },
    ]) {
      const { status } = await call(`${url}/api/auth/register`, {
        json: { ...json, email: 'eve@example.com', ...extra },
        headers: NOBODY,
      })
      expect(status).toBe(400)
    }
  })

  test('a wrong password, an unknown address and a password of another type get the same answer or none', async () => {
    const carol = await signUp(url, 'carol@example.com')
    const attempt = async (json: Record<string, unknown>): Promise<Answer<ErrorBody>> =>
      await call(`${url}/api/auth/login`, { json, headers: NOBODY })
    const wrong = await attempt({ email: 'carol@example.com', password: 'not it at all' })
    const unknown = await attempt({ email: 'nobody@example.com', password: 'not it at all' })
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(wrong.body.message).toBe(unknown.body.message)
    for (const password of ['', null, ['correct horse battery'], { $ne: '' }, 12345678901])
      expect((await attempt({ email: 'carol@example.com', password })).status).toBe(400)
    expect((await signIn(other, 'Carol@Example.com')).user.id).toBe(carol.user.id)
  })

  test('a refresh token works once, on any replica; the second use ends the login everywhere', async () => {
    const dan = await signUp(url, 'dan@example.com')
    const second = await refresh(dan.refreshToken, other)
    expect(second.status).toBe(200)
    expect(second.body.refreshToken).not.toBe(dan.refreshToken)
    const fresh = { auth: { authorization: `Bearer ${second.body.accessToken}` } }
    expect((await me(fresh)).status).toBe(200)
    expect((await me(fresh, other)).status).toBe(200)

    expect((await refresh(dan.refreshToken)).status).toBe(401)
    expect((await me(fresh)).status).toBe(401)
    await waitFor(async () => (await me(fresh, other)).status === 401, {
      what: 'the other replica to know',
    })
    expect((await refresh(second.body.refreshToken ?? '')).status).toBe(401)
    expect(await actionsOf(dan.user.id)).toContain('login.refresh_reuse')
    expect((await signIn(url, 'dan@example.com')).accessToken).not.toBe('')
  })

  test('of 20 who come with one refresh token at once, one gets the next', async () => {
    const person = await signUp(url, 'finn@example.com')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => refresh(person.refreshToken, at % 2 ? url : other)),
    )
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    expect(answers.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(19)
  })

  test('signing out ends the login on every replica, and the same again says the same', async () => {
    const gil = await signUp(url, 'gil@example.com')
    const out = (): Promise<Answer<unknown>> =>
      call(`${url}/api/auth/logout`, { json: { refreshToken: gil.refreshToken }, headers: NOBODY })
    expect((await me(gil, other)).status).toBe(200)
    expect((await out()).status).toBe(200)
    await waitFor(async () => (await me(gil, other)).status === 401, {
      what: 'the other replica to know',
    })
    expect((await out()).status).toBe(200)
    expect((await refresh(gil.refreshToken)).status).toBe(401)
  })

  test('a page gets httpOnly cookies; changing anything with them takes the own origin', async () => {
    await signUp(url, 'hal@example.com')
    const origin = new URL(url).origin
    const login = async (headers: Record<string, string>): Promise<Answer<SignedIn>> =>
      await call(`${url}/api/auth/login`, {
        json: { email: 'hal@example.com', password: PASSWORD, transport: 'cookie' },
        headers: { ...NOBODY, ...headers },
      })
    expect((await login({ origin: 'https://evil.example' })).status).toBe(403)
    const { headers, body } = await login({ origin })
    expect([body.accessToken, body.refreshToken]).toEqual([undefined, undefined])
    const set = headers.getSetCookie()
    expect(set).toHaveLength(2)
    for (const cookie of set) expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/)
    expect(set[1]).toMatch(/^askwire_refresh=rt-[\w-]{43}; Path=\/api\/auth; /)
    const cookie = set.map((one) => one.split(';')[0]).join('; ')
    const [access = ''] = cookie.split('; ')

    expect((await call(`${url}/api/auth/me`, { headers: { cookie: access } })).status).toBe(200)
    const patch = async (headers: Record<string, string>): Promise<number> =>
      (
        await call(`${url}/api/auth/me`, {
          method: 'PATCH',
          json: { name: 'Hal 2' },
          headers: { cookie: access, ...headers },
        })
      ).status
    expect(await patch({})).toBe(403)
    expect(await patch({ origin: 'https://evil.example' })).toBe(403)
    expect(await patch({ origin: 'null' })).toBe(403)
    expect(await patch({ origin })).toBe(200)

    const again = (from: string): Promise<Answer<SignedIn>> =>
      call(`${url}/api/auth/refresh`, { method: 'POST', headers: { ...NOBODY, cookie, origin: from } })
    expect((await again('https://evil.example')).status).toBe(403)
    const refreshed = await again(origin)
    expect([refreshed.status, refreshed.body.accessToken]).toEqual([200, undefined])
    expect((await again(origin)).headers.getSetCookie()[0]).toMatch(/^askwire_access=; Path=\/; Max-Age=0/)
  })

  test('two credentials at once, or one in the address, are nobody', async () => {
    const ida = await signUp(url, 'ida@example.com')
    const ivo = await signUp(url, 'ivo@example.com')
    const cookie = `askwire_access=${ivo.accessToken}`
    expect((await call(`${url}/api/auth/me`, { headers: { ...ida.auth, cookie } })).status).toBe(401)
    expect((await call(`${url}/api/auth/me?access_token=${ida.accessToken}`, { headers: ida.auth })).status).toBe(401)
    expect((await call(`${url}/api/auth/me?token=${ida.accessToken}`, { headers: NOBODY })).status).toBe(401)
  })

  test('where I am signed in is listed, and each can be ended; those of others are not there', async () => {
    const jan = await signUp(url, 'jan@example.com')
    const phone = await signIn(url, 'jan@example.com')
    const eve = await signUp(url, 'eve2@example.com')
    const list = async (person: Person): Promise<LoginView[]> =>
      (await call<Page<LoginView>>(`${url}/api/auth/logins`, { headers: person.auth })).body.items
    const logins = await list(jan)
    expect(logins.map(({ current, method }) => ({ current, method }))).toEqual([
      { current: false, method: 'password' },
      { current: true, method: 'register' },
    ])
    const end = (person: Person, id: string | undefined): Promise<Answer<unknown>> =>
      call(`${url}/api/auth/logins/${id}`, { method: 'DELETE', headers: person.auth })
    expect((await end(eve, logins[0]?.id)).status).toBe(404)
    expect((await end(jan, ids())).status).toBe(404)
    expect((await me(phone, other)).status).toBe(200)
    expect((await end(jan, logins[0]?.id)).status).toBe(200)
    await waitFor(async () => (await me(phone, other)).status === 401, {
      what: 'the other replica to know',
    })
    expect((await refresh(phone.refreshToken)).status).toBe(401)
    expect(await list(jan)).toHaveLength(1)
  })

  test('a stream ends at once on every replica when its login is ended or its person is disabled', async () => {
    const kim = await signUp(url, 'kim@example.com')
    const { sessionId } = await ask(url, { message: 'Anything?' }, kim.auth)
    const phone = await signIn(url, 'kim@example.com')
    const follow = (at: string, person: Person) =>
      openStream(`${at}/api/sessions/${sessionId}/events`, { headers: person.auth })
    const [mine, there] = [await follow(url, kim), await follow(other, phone)]
    const [gone] = (await call<Page<LoginView>>(`${url}/api/auth/logins`, { headers: phone.auth })).body.items
    await call(`${url}/api/auth/logins/${gone?.id}`, { method: 'DELETE', headers: kim.auth })
    await there.closed
    expect((await me(kim, other)).status).toBe(200)

    // As an administrator's change without its news: the guard's round finds it.
    await stack.deps.store.pool.query('update users set disabled_at = now() where id = $1', [kim.user.id])
    await mine.closed
    expect((await me(kim)).status).toBe(401)
    const { status } = await call(`${url}/api/auth/login`, {
      json: { email: 'kim@example.com', password: PASSWORD },
      headers: NOBODY,
    })
    expect(status).toBe(403)
  }, 60_000)

  test('name, language and theme can be changed, and nothing else', async () => {
    const lea = await signUp(url, 'lea@example.com')
    const patch = (json: Record<string, unknown>): Promise<Answer<MeView>> =>
      call(`${url}/api/auth/me`, { method: 'PATCH', json, headers: lea.auth })
    expect((await patch({ name: 'Léa 李', language: 'zh', theme: 'dark' })).body).toMatchObject({
      name: 'Léa 李',
      language: 'zh',
      theme: 'dark',
    })
    for (const json of [{ email: 'x@example.com' }, { roleId: ids() }, { owner: true }, { limits: {} }, { id: ids() }])
      expect((await patch(json)).status).toBe(400)
    const text = `select before, after from activities where actor_id = $1 and action = 'account.update'`
    const { rows } = await stack.deps.store.pool.query(text, [lea.user.id])
    expect(rows).toEqual([
      {
        before: { language: 'en', theme: 'system' },
        after: { name: 'changed', language: 'zh', theme: 'dark' },
      },
    ])
  })
})

/** An id that nothing has. */
const ids = (): string => crypto.randomUUID()
