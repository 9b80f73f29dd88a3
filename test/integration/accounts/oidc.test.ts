import { createSealer, hashSecret, newSecret } from '@askwire/auth'
import type { ErrorBody, MeView, SignedIn } from '@askwire/contracts'
import { BUILT_IN_OWNER, createInvitation } from '@askwire/store'
import { type OidcProviderProcess, serversOrSkip, signInAtProvider, startOidcProvider } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Answer, call } from '../../support/client.ts'
import { NOBODY } from '../../support/sign-ins.ts'
import { PASSWORD, type Person, signIn, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()
const PUBLIC_URL = 'http://askwire.test'
const BACK = `${PUBLIC_URL}/api/auth/oidc/callback`
const CLIENT = { clientId: 'askwire', clientSecret: 'a-secret-of-the-test-provider' }
const verified = (name: string) => ({ email: `${name}@example.net`, emailVerified: true, name })

/** A browser's share of it: the cookie it got, and what came back from the provider. */
type Trip = { cookie: string; query: string }

describe('signing in by a provider', () => {
  let provider: OidcProviderProcess
  let stack: Stack
  let linking: Stack
  let url: string

  const settingsOf = (issuer: string) => ({
    ASKWIRE_OIDC_ISSUER: issuer,
    ASKWIRE_OIDC_CLIENT_ID: CLIENT.clientId,
    ASKWIRE_OIDC_NAME: 'Example',
    ASKWIRE_PUBLIC_URL: PUBLIC_URL,
  })
  const secrets = { ASKWIRE_OIDC_CLIENT_SECRET: CLIENT.clientSecret }

  beforeAll(async () => {
    provider = await startOidcProvider({
      ...CLIENT,
      redirectUris: [BACK],
      people: {
        nora: verified('nora'),
        dora: verified('dora'),
        lina: verified('lina'),
        mona: verified('mona'),
        gone: verified('gone'),
        tess: verified('tess'),
        mute: { name: 'Mute' },
        sham: { email: 'lina@example.net', emailVerified: false },
      },
    })
    stack = await startStack(servers, { workers: 0, gateways: 2, settings: settingsOf(provider.issuer), secrets })
    linking = await startStack(servers, {
      workers: 0,
      settings: { ...settingsOf(provider.issuer), ASKWIRE_OIDC_LINK_BY_EMAIL: 'true', REGISTRATION: 'invite' },
      secrets,
    })
    url = stack.urls[0] ?? ''
  }, 90_000)
  afterAll(async () => {
    await Promise.all([stack.close(), linking.close()])
    await provider.close()
  }, 60_000)

  const cookieOf = (answer: Answer<unknown>): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''

  async function travel(subject: string, start: Answer<{ url: string }>): Promise<Trip> {
    expect(start.status).toBe(200)
    const address = await signInAtProvider(start.body.url, subject, BACK)
    return { cookie: cookieOf(start), query: new URL(address).search }
  }
  const startAt = async (base: string, json: object = {}): Promise<Answer<{ url: string }>> =>
    await call(`${base}/api/auth/oidc/start`, { json: { transport: 'body', ...json }, headers: NOBODY })
  const startLink = async (person: Person, more: object = { password: PASSWORD }): Promise<Answer<{ url: string }>> =>
    await call(`${url}/api/auth/oidc/link`, { json: more, headers: person.auth })
  const comeBack = async <T = SignedIn>(base: string, { cookie, query }: Trip, headers = {}): Promise<Answer<T>> =>
    await call<T>(`${base}/api/auth/oidc/callback${query}`, { headers: { cookie, ...headers }, redirect: 'manual' })
  const signInBy = async (subject: string, base = url): Promise<Answer<SignedIn>> =>
    await comeBack(base, await travel(subject, await startAt(base)))
  const me = async (accessToken = ''): Promise<MeView> =>
    (await call<MeView>(`${url}/api/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } })).body
  const actionsOf = async (userId: string): Promise<string[]> => {
    const rows = stack.deps.store.db.selectFrom('activities').select('action').where('actorId', '=', userId)
    return (await rows.execute()).map(({ action }) => action)
  }

  async function invite(whom: { email?: string }): Promise<string> {
    const secret = newSecret('')
    const facts = { requestId: 'test', address: '127.0.0.1', agent: 'test' }
    await createInvitation(
      linking.deps.store,
      { ...BUILT_IN_OWNER, ...facts, reach: 'installation' },
      {
        ...whom,
        hash: hashSecret(secret),
        expiresInDays: 1,
      },
    )
    return secret
  }

  test('the page is told the name of the provider', async () => {
    const { body } = await call<{ oidc: unknown }>(`${url}/api/auth/options`, { headers: NOBODY })
    expect(body.oidc).toEqual({ name: 'Example' })
  })

  test('who is unknown gets an account, and the same one the next time, on any replica', async () => {
    const first = await signInBy('nora')
    expect(first).toMatchObject({ status: 200, body: { user: { email: 'nora@example.net', hasPassword: false } } })
    const trip = await travel('nora', await startAt(url))
    const second = await comeBack(stack.urls[1] ?? '', trip)
    expect(second.body.user.id).toBe(first.body.user.id)
    expect(await me(second.body.accessToken)).toMatchObject({ id: first.body.user.id, oidcLinked: true, owner: false })
    expect(await actionsOf(second.body.user.id)).toEqual(
      expect.arrayContaining(['account.register', 'account.oidc_link', 'login.success']),
    )
  })

  test('a page comes back with cookies, to where it wanted, and to no other site', async () => {
    const own = { origin: url }
    const json = { transport: 'cookie', returnTo: '/c/somewhere?x=1' }
    const start = await call<{ url: string }>(`${url}/api/auth/oidc/start`, { json, headers: { ...NOBODY, ...own } })
    expect(start.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Lax$/)
    const back = await comeBack(url, await travel('nora', start))
    expect([back.status, back.headers.get('location')]).toEqual([303, '/c/somewhere?x=1'])
    const cookies = back.headers.getSetCookie().map((cookie) => cookie.split('=')[0])
    expect(cookies.sort()).toEqual(['askwire_access', 'askwire_oidc', 'askwire_refresh'])
    const foreign = { json, headers: { ...NOBODY, origin: 'https://evil.example' } }
    expect((await call(`${url}/api/auth/oidc/start`, foreign)).status).toBe(403)
    for (const returnTo of ['//evil.example', 'https://evil.example', '/\\evil.example', '/a\tb', '/api/auth/logout']) {
      expect((await startAt(url, { returnTo })).status).toBe(400)
    }
  })

  test('S18: another browser, another state, no cookie and a second use get nobody in', async () => {
    const mine = await travel('nora', await startAt(url))
    const other = await travel('dora', await startAt(url))
    const refused = { status: 401, body: { error: { code: 'unauthenticated' } } }
    expect(await comeBack(url, { ...mine, cookie: 'x=y' })).toMatchObject(refused)
    expect(await comeBack(url, { cookie: other.cookie, query: mine.query })).toMatchObject(refused)
    // What was tried with it is over, whatever came of it.
    expect(await comeBack(url, other)).toMatchObject(refused)
    expect(await comeBack(url, { ...mine, query: mine.query.replace(/state=[^&]*/, 'state=other') })).toMatchObject(
      refused,
    )
    const whole = await travel('nora', await startAt(url))
    expect((await comeBack(url, whole)).status).toBe(200)
    expect(await comeBack(stack.urls[1] ?? '', whole)).toMatchObject(refused)
  })

  test('another nonce, a changed cookie and one that is too old get nobody in', async () => {
    const start = await startAt(url)
    const changed = new URL(start.body.url)
    changed.searchParams.set('nonce', 'n'.repeat(43))
    const other = await travel('nora', { ...start, body: { url: changed.href } })
    expect((await comeBack(url, other)).status).toBe(401)
    const trip = await travel('nora', await startAt(url))
    const spoiled = { ...trip, cookie: `${trip.cookie.slice(0, -2)}${trip.cookie.endsWith('AA') ? 'BB' : 'AA'}` }
    expect((await comeBack(url, spoiled)).status).toBe(401)
    const sealer = createSealer(stack.env.ASKWIRE_AUTH_SECRET)
    const sealed = Buffer.from(trip.cookie.slice('askwire_oidc='.length), 'base64url')
    const flow = JSON.parse(String(sealer.open('oidc-flow', 'askwire_oidc', sealed))) as Record<string, unknown>
    const old = sealer.seal(
      'oidc-flow',
      'askwire_oidc',
      Buffer.from(JSON.stringify({ ...flow, expiresAt: Date.now() - 1 })),
    )
    expect((await comeBack(url, { ...trip, cookie: `askwire_oidc=${old.toString('base64url')}` })).status).toBe(401)
    expect((await comeBack(url, trip)).status).toBe(200)
  })

  test('a browser that went wrong is sent to the page, with a word that says what', async () => {
    const trip = await travel('nora', await startAt(url, { transport: 'body' }))
    const back = await comeBack(url, { ...trip, cookie: '' }, { accept: 'text/html' })
    expect([back.status, back.headers.get('location')]).toEqual([303, '/signin?error=unauthenticated'])
  })

  test('an address that has an account is not taken over', async () => {
    const lina = await signUp(url, 'lina@example.net')
    expect(await signInBy('lina')).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } })
    expect(await signInBy('sham')).toMatchObject({ status: 403 })
    expect(await signInBy('mute')).toMatchObject({ status: 403 })
    expect((await me(lina.accessToken)).oidcLinked).toBe(false)
  })

  test('whoever is signed in links it with their password, signs in by it, and unlinks it', async () => {
    const mona = await signUp(url, 'mona@example.org')
    expect((await startLink(mona, {})).status).toBe(403)
    expect((await startLink(mona, { password: 'wrong password' })).status).toBe(403)
    const linked = await comeBack(url, await travel('mona', await startLink(mona)))
    expect([linked.status, linked.headers.get('location')]).toEqual([303, '/'])
    expect((await me(mona.accessToken)).oidcLinked).toBe(true)
    expect((await signInBy('mona')).body.user.id).toBe(mona.user.id)
    // It is hers now, and she has one of this provider.
    const nina = await signUp(url, 'nina@example.org')
    expect((await comeBack(url, await travel('mona', await startLink(nina)))).status).toBe(409)
    expect((await comeBack(url, await travel('tess', await startLink(mona)))).status).toBe(409)
    const unlink = async (json: Record<string, unknown> = { password: PASSWORD }) =>
      await call(`${url}/api/auth/oidc/unlink`, { json, headers: mona.auth })
    // Whoever has only her session does not change how she signs in.
    for (const json of [{}, { password: 'wrong password' }]) expect((await unlink(json)).status).toBe(403)
    expect((await me(mona.accessToken)).oidcLinked).toBe(true)
    expect((await unlink()).status).toBe(200)
    expect((await unlink()).status).toBe(404)
    expect(await actionsOf(mona.user.id)).toEqual(expect.arrayContaining(['account.oidc_link', 'account.oidc_unlink']))
  })

  test('a link begun by a login that has ended is not made', async () => {
    const olga = await signUp(url, 'olga@example.org')
    const trip = await travel('tess', await startLink(olga))
    await call(`${url}/api/auth/logout`, { json: { refreshToken: olga.refreshToken }, headers: NOBODY })
    expect((await comeBack(url, trip)).status).toBe(401)
  })

  test('the only way in cannot be unlinked, until there is a password', async () => {
    const { body } = await signInBy('dora')
    const headers = { authorization: `Bearer ${body.accessToken}` }
    const unlink = async (password?: string) =>
      await call<ErrorBody>(`${url}/api/auth/oidc/unlink`, { json: { password }, headers })
    expect(await unlink()).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } })
    expect((await me(body.accessToken)).oidcLinked).toBe(true)
    const json = { newPassword: PASSWORD }
    expect((await call(`${url}/api/auth/password`, { json, headers })).status).toBe(200)
    expect((await unlink(PASSWORD)).status).toBe(200)
    expect((await signIn(url, 'dora@example.net')).user.id).toBe(body.user.id)
  })

  test('with the operator’s word an address is linked; without an invitation nobody joins', async () => {
    const at = linking.urls[0] ?? ''
    expect((await signInBy('gone', at)).status).toBe(403)
    const invitation = await invite({ email: 'gone@example.net' })
    const joined = await comeBack(at, await travel('gone', await startAt(at, { invitation })))
    expect(joined).toMatchObject({ status: 200, body: { user: { email: 'gone@example.net' } } })
    const lina = await signUp(at, 'lina@example.net', await invite({}))
    const token = await call<{ token: string }>(`${at}/api/tokens`, {
      json: { name: 't', scopes: ['read'] },
      headers: lina.auth,
    })
    const linked = await signInBy('lina', at)
    expect(linked.body.user).toMatchObject({ id: lina.user.id, hasPassword: false })
    // Whoever registered with the address beforehand is out by every way.
    const statusOf = async (headers: Record<string, string>): Promise<number> =>
      (await call(`${at}/api/auth/me`, { headers })).status
    expect(await statusOf({ authorization: `Bearer ${linked.body.accessToken}` })).toBe(200)
    expect(await statusOf(lina.auth)).toBe(401)
    expect(token.status).toBe(201)
    expect(await statusOf({ 'x-api-key': token.body.token })).toBe(401)
    const again = { email: lina.email, password: PASSWORD }
    expect((await call(`${at}/api/auth/login`, { json: again, headers: NOBODY })).status).toBe(401)
    const refreshed = await call(`${at}/api/auth/refresh`, {
      json: { refreshToken: lina.refreshToken },
      headers: NOBODY,
    })
    expect(refreshed.status).toBe(401)
    expect((await signInBy('sham', at)).status).toBe(403)
  })
})
