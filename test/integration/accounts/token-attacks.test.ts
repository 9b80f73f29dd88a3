import { readFile } from 'node:fs/promises'
import { createServiceTokenSigner, newSecret } from '@askwire/auth'
import { type ErrorBody, newId } from '@askwire/contracts'
import { type ServiceProcess, serversOrSkip, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Answer, call } from '../../support/client.ts'
import { createForge, type Forge, hmacWith, withOwnKey } from '../../support/forge-token.ts'
import { NOBODY } from '../../support/sign-ins.ts'
import { type Person, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'
import { startGatewayProcess } from '../../support/start-gateway-process.ts'

const servers = serversOrSkip()
const now = (): number => Math.floor(Date.now() / 1000)

describe('attacks on tokens', () => {
  let stack: Stack
  let gateway: ServiceProcess
  let url: string
  let person: Person
  let forge: Forge

  beforeAll(async () => {
    stack = await startStack(servers, { account: false, workers: 0, gateways: 0 })
    gateway = await startGatewayProcess(stack)
    url = gateway.url
    person = await signUp(url, 'owner@example.org')
    forge = await createForge(stack, person.accessToken)
  }, 60_000)
  afterAll(async () => {
    await gateway.signal('SIGTERM')
    await stack.close()
  }, 60_000)

  /** What it says of a credential; that the database did not answer in time (503) says nothing of it. */
  const me = async (headers: Record<string, string>): Promise<Answer<ErrorBody>> =>
    await waitFor(
      async () => {
        const answer = await call<ErrorBody>(`${url}/api/auth/me`, { headers })
        return answer.status !== 503 && answer
      },
      { what: 'an answer' },
    )
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

  async function refusals(): Promise<number> {
    const { body } = await call<string>(`${url}/metrics`, { headers: NOBODY })
    const lines = body.matchAll(/^askwire_auth_refused_total\{[^}]*\} (\d+)/gm)
    return [...lines].reduce((sum, [, count]) => sum + Number(count), 0)
  }

  /** 401 in the one shape, one more in the metric, a line in the log with this request's id, and nothing of the credential in any. */
  async function expectRefused(attempt: (id: Record<string, string>) => Promise<Answer<ErrorBody>>, secret = '') {
    const before = await refusals()
    const requestId = newId()
    const answer = await attempt({ 'x-request-id': requestId })
    expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 401, code: 'unauthenticated' })
    expect(await refusals()).toBe(before + 1)
    const log = await readFile(gateway.logFile, 'utf8')
    expect(
      log.split('\n').filter((line) => line.includes(requestId) && line.includes('credential refused')),
    ).toHaveLength(1)
    if (secret !== '') expect(`${log}${JSON.stringify(answer.body)}`).not.toContain(secret)
  }

  test('what the forge makes with nothing changed is let in, so each refusal below is for its one fault', async () => {
    expect((await me(bearer(forge.make()))).status).toBe(200)
    expect((await me({ authorization: `bearer ${person.accessToken}` })).status).toBe(200)
  })

  const spki = (): Buffer => Buffer.from(forge.publicKey.export({ format: 'pem', type: 'spki' }))
  const own = withOwnKey('ed25519')
  const ATTACKS: [string, () => string][] = [
    ['S31 alg none, no signature', () => forge.make({ header: { alg: 'none' }, signer: () => Buffer.alloc(0) })],
    ['S31 alg None', () => forge.make({ header: { alg: 'None' }, signer: () => Buffer.alloc(0) })],
    ['S31 no signature', () => forge.make({ signer: () => Buffer.alloc(0) })],
    ['S31 HS256 with the public key as PEM', () => forge.make({ header: { alg: 'HS256' }, signer: hmacWith(spki()) })],
    [
      'S31 HS256 with the public key as JWK',
      () =>
        forge.make({
          header: { alg: 'HS256' },
          signer: hmacWith(JSON.stringify(forge.publicKey.export({ format: 'jwk' }))),
        }),
    ],
    ['S31 HS256 with an empty key', () => forge.make({ header: { alg: 'HS256' }, signer: hmacWith('') })],
    ['S31 RS256', () => forge.make({ header: { alg: 'RS256' }, signer: withOwnKey('rsa').signer })],
    ['S31 ES256', () => forge.make({ header: { alg: 'ES256' }, signer: withOwnKey('ec').signer })],
    ['S31 EdDSA by another key', () => forge.make({ signer: own.signer })],
    ['S31 a jwk header', () => forge.make({ header: { jwk: own.jwk }, signer: own.signer })],
    ['S31 a jwk header, signed by us', () => forge.make({ header: { jwk: own.jwk } })],
    ['S31 a jku header', () => forge.make({ header: { jku: 'http://127.0.0.1:1/keys' } })],
    ['S31 an x5u header', () => forge.make({ header: { x5u: 'http://127.0.0.1:1/cert' } })],
    ['S31 crit', () => forge.make({ header: { crit: ['exp'] } })],
    ['S31 an unknown crit', () => forge.make({ header: { crit: ['b64'], b64: true } })],
    ['S31 an unknown kid', () => forge.make({ header: { kid: 'A'.repeat(22) } })],
    ['S31 no kid', () => forge.make({ header: { kid: undefined } })],
    ['S31 kid as a path', () => forge.make({ header: { kid: '../../../../dev/null' }, signer: hmacWith('') })],
    ['S31 kid as SQL', () => forge.make({ header: { kid: "' union select 'x' --" } })],
    ['S31 kid as an object', () => forge.make({ header: { kid: { $ne: null } } })],
    ['S31 another audience', () => forge.make({ claims: { aud: 'askwire:agent' } })],
    ['S31 several audiences', () => forge.make({ claims: { aud: ['x', 'y'] } })],
    ['S31 no audience', () => forge.make({ claims: { aud: undefined } })],
    ['S31 another issuer', () => forge.make({ claims: { iss: 'https://evil.example' } })],
    ['S31 no issuer', () => forge.make({ claims: { iss: undefined } })],
    ['S31 typ of a service token', () => forge.make({ header: { typ: 'svc+jwt' } })],
    ['S31 typ JWT', () => forge.make({ header: { typ: 'JWT' } })],
    ['S31 no typ', () => forge.make({ header: { typ: undefined } })],
    ['S31 expired', () => forge.make({ claims: { iat: now() - 1000, exp: now() - 60 } })],
    ['S31 no end', () => forge.make({ claims: { exp: undefined } })],
    ['S31 an end that is too far', () => forge.make({ claims: { iat: now() - 3600, exp: now() + 86_400 } })],
    ['S31 not yet valid', () => forge.make({ claims: { nbf: now() + 600 } })],
    ['S31 from the future', () => forge.make({ claims: { iat: now() + 600, exp: now() + 1200 } })],
    ['another login', () => forge.make({ claims: { sid: newId() } })],
    ['another person with this login', () => forge.make({ claims: { sub: newId() } })],
    ['another tenant with this login', () => forge.make({ claims: { tid: newId() } })],
    ['a person that is no id', () => forge.make({ claims: { sub: "' or 1=1 --" } })],
    ['a tampered payload', () => tampered(person.accessToken)],
    ['a tampered signature', () => `${person.accessToken.slice(0, -4)}AAAA`],
    ['S34 SQL for a token', () => "'/**/or/**/1=1--"],
    ['S34 SQL for an API token', () => `sk-${"'or'1'='1".padEnd(43, '-')}`],
    ['S60 any word', () => 'anything'],
    ['an API token nobody made', () => newSecret('sk-')],
    ['a refresh token', () => person.refreshToken],
    ['a token of 100 000 characters', () => `${'e'.repeat(9000)}.x.y`],
  ]
  test.each(ATTACKS)('%s is refused, logged and counted', async (_name, make) => {
    const token = make()
    await expectRefused(async (id) => await me({ ...bearer(token), ...id }), token)
  })

  test('S32: a service token is nobody at the gateway, and a user’s token is nobody at the agent', async () => {
    const { authorization } = {
      authorization: await createServiceTokenSigner(stack.env.ASKWIRE_SERVICE_TOKEN, Date.now).authorization(),
    }
    await expectRefused(async (id) => await me({ authorization, ...id }), authorization.slice(7))
    const { body: metrics } = await call<string>(`${url}/metrics`, { headers: NOBODY })
    expect(metrics).toMatch(/^askwire_auth_refused_total\{[^}]*reason="service_token"[^}]*\} [1-9]/m)
    const door = `${stack.env.ASKWIRE_AGENT_URL}/a2a`
    const json = { jsonrpc: '2.0', id: 1, method: 'ListTasks', params: {} }
    const a2a = { 'a2a-version': '1.0' }
    for (const headers of [
      NOBODY,
      bearer(person.accessToken),
      bearer(forge.make({ header: { typ: 'svc+jwt' }, claims: { aud: 'askwire:agent', iss: 'askwire:worker' } })),
      bearer(stack.env.ASKWIRE_SERVICE_TOKEN),
      { 'x-api-key': newSecret('sk-') },
    ])
      expect((await call(door, { json, headers: { ...a2a, ...headers } })).status).toBe(401)
    expect((await call(door, { json, headers: { ...a2a, authorization } })).status).toBe(200)
  })

  test('S38: a token in the address, two credentials at once, and forms that are none', async () => {
    const token = person.accessToken
    const at = (query: string) => async (id: Record<string, string>) =>
      await call<ErrorBody>(`${url}/api/auth/me?${query}`, { headers: { ...NOBODY, ...id } })
    for (const name of ['access_token', 'token', 'api_key', 'apikey', 'authorization', 'jwt', 'x'])
      await expectRefused(at(`${name}=${token}`), token)
    await expectRefused(async (id) => await me({ ...bearer(token), 'x-api-key': newSecret('sk-'), ...id }))
    await expectRefused(
      async (id) =>
        await me({ ...bearer(token), cookie: `askwire_access=${forge.make({ claims: { jti: newId() } })}`, ...id }),
    )
    await expectRefused(async (id) => await me({ cookie: `askwire_access=${token}; askwire_access=x`, ...id }))
    for (const authorization of [
      `Basic ${token}`,
      `Bearer`,
      `Bearer ${token} ${token}`,
      `Bearer ${token}, Bearer x`,
      token,
    ])
      await expectRefused(async (id) => await me({ authorization, ...id }))
    await expectRefused(async (id) => await me({ 'x-api-key': token, ...id }))
  })

  test('S33: of two tokens that begin alike only the right one is known, whichever came first', async () => {
    const right = forge.make()
    const wrong = `${right.slice(0, -10)}${'A'.repeat(10)}`
    for (const [token, status] of [
      [right, 200],
      [wrong, 401],
      [right, 200],
      [wrong, 401],
    ] as const)
      expect((await me(bearer(token))).status).toBe(status)
  })

  test('a reused refresh token ends its login: the access token of it too, and the new refresh token', async () => {
    const thief = await signUp(url, 'robbed@example.org')
    const refresh = async (refreshToken: string) =>
      await call<ErrorBody & { refreshToken: string; accessToken: string }>(`${url}/api/auth/refresh`, {
        json: { refreshToken },
        headers: NOBODY,
      })
    const first = await refresh(thief.refreshToken)
    expect(first.status).toBe(200)
    expect((await me(bearer(first.body.accessToken))).status).toBe(200)
    expect((await refresh(thief.refreshToken)).status).toBe(401)
    expect((await me(bearer(first.body.accessToken))).status).toBe(401)
    expect((await refresh(first.body.refreshToken)).status).toBe(401)
    const { body } = await call<string>(`${url}/metrics`, { headers: NOBODY })
    expect(body).toMatch(/^askwire_refresh_reuse_total(\{[^}]*\})? 1$/m)
    const rows = stack.deps.store.db.selectFrom('activities').select('action').where('actorId', '=', thief.user.id)
    expect((await rows.execute()).map(({ action }) => action)).toContain('login.refresh_reuse')
  })
})

/** The same token for somebody else: its claims are changed and its signature is not. */
function tampered(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>
  const changed = Buffer.from(JSON.stringify({ ...claims, sub: newId() })).toString('base64url')
  return [header, changed, signature].join('.')
}
