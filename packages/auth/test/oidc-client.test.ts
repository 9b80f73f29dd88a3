import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOidcClient, type OidcClient, type OidcTry } from '@askwire/auth'
import { type OidcProviderProcess, signInAtProvider, startOidcProvider } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

const BACK = 'http://127.0.0.1:9/api/auth/oidc/callback'
const CLIENT = { clientId: 'askwire', clientSecret: 'a-secret-of-the-test' }

const begin = async (client: OidcClient) => await client.begin(BACK)
const queryOf = (address: string): string => new URL(address).searchParams.toString()

describe('signing in by a real provider', () => {
  let provider: OidcProviderProcess
  let client: OidcClient
  beforeAll(async () => {
    provider = await startOidcProvider({
      ...CLIENT,
      redirectUris: [BACK],
      people: {
        ada: { email: 'Ada@Example.org', emailVerified: true, name: 'Ada' },
        bob: { email: 'bob@example.org', emailVerified: false },
        cid: {},
      },
    })
    client = createOidcClient({ issuer: provider.issuer, ...CLIENT }, Date.now)
  }, 30_000)
  afterAll(async () => await provider.close())

  /** A try that has come back from the provider. */
  async function comeBack(subject: string, change: (url: URL) => void = () => {}): Promise<[string, OidcTry]> {
    const { url, attempt } = await begin(client)
    const changed = new URL(url)
    change(changed)
    return [queryOf(await signInAtProvider(changed.href, subject, BACK)), attempt]
  }
  const refusal = { code: 'unauthenticated' }

  test.each([
    ['ada', { email: 'ada@example.org', name: 'Ada' }],
    ['bob', { email: null, name: null }],
    ['cid', { email: null, name: null }],
  ])('%s is vouched for, with no address that was not verified', async (subject, told) => {
    const [query, attempt] = await comeBack(subject)
    expect(await client.finish({ query }, attempt)).toEqual({ issuer: provider.issuer, subject, ...told })
  })

  test('the address names state, nonce and an S256 challenge, all new each time', async () => {
    const [one, other] = [await begin(client), await begin(client)].map(({ url }) => new URL(url).searchParams)
    expect(one?.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one?.get(name)?.length).toBeGreaterThanOrEqual(43)
      expect(one?.get(name)).not.toBe(other?.get(name))
    }
  })

  test('a code works once', async () => {
    const [query, attempt] = await comeBack('ada')
    await client.finish({ query }, attempt)
    await expect(client.finish({ query }, attempt)).rejects.toMatchObject(refusal)
  })

  test('the time it goes by is the one it is given, not that of this machine', async () => {
    const late = createOidcClient({ issuer: provider.issuer, ...CLIENT }, () => Date.now() + 86_400_000)
    const { url, attempt } = await begin(late)
    const query = queryOf(await signInAtProvider(url, 'ada', BACK))
    await expect(late.finish({ query }, attempt)).rejects.toMatchObject(refusal)
  })

  test('another state is refused', async () => {
    const [query, attempt] = await comeBack('ada')
    const other = await begin(client)
    await expect(client.finish({ query }, { ...attempt, state: other.attempt.state })).rejects.toMatchObject(refusal)
    await expect(client.finish({ query: query.replace(/state=[^&]*&?/, '') }, attempt)).rejects.toMatchObject(refusal)
  })

  test('a token for another nonce is refused', async () => {
    const [query, attempt] = await comeBack('ada', (url) => url.searchParams.set('nonce', 'n'.repeat(43)))
    await expect(client.finish({ query }, attempt)).rejects.toMatchObject(refusal)
  })

  test('a code is of no use without the verifier it was asked for with', async () => {
    const [query, attempt] = await comeBack('ada')
    const other = await begin(client)
    await expect(client.finish({ query }, { ...attempt, verifier: other.attempt.verifier })).rejects.toMatchObject(
      refusal,
    )
  })

  test('an answer in the name of another issuer is refused', async () => {
    const [query, attempt] = await comeBack('ada')
    const mixed = new URLSearchParams(query)
    mixed.set('iss', 'https://other.example')
    await expect(client.finish({ query: mixed.toString() }, attempt)).rejects.toMatchObject(refusal)
  })

  test('whoever says no at the provider is not signed in', async () => {
    const { attempt } = await begin(client)
    const query = new URLSearchParams({ error: 'access_denied', state: attempt.state, iss: provider.issuer }).toString()
    await expect(client.finish({ query }, attempt)).rejects.toMatchObject(refusal)
  })
})

describe('what a provider may lead this server to', () => {
  const open: Server[] = []
  afterAll(async () => {
    for (const server of open) server.close().closeAllConnections()
  })

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1')
    open.push(server)
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** A provider whose document says whatever the test wants. */
  async function liar(change: (document: Record<string, unknown>) => void): Promise<string> {
    const issuer = await serve((_request, response) => {
      const document: Record<string, unknown> = {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
      }
      change(document)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
    })
    return issuer
  }

  test('no request goes to another origin than the issuer’s', async () => {
    let asked = 0
    const stranger = await serve((_request, response) => {
      asked++
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
    const issuer = await liar((document) => {
      document.token_endpoint = `${stranger}/token`
    })
    const client = createOidcClient({ issuer, ...CLIENT }, Date.now)
    const { attempt } = await begin(client)
    const query = new URLSearchParams({ code: 'any', state: attempt.state }).toString()
    await expect(client.finish({ query }, attempt)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(asked).toBe(0)
    const allowed = createOidcClient({ issuer, ...CLIENT, otherOrigins: [stranger] }, Date.now)
    const again = await begin(allowed)
    const retry = new URLSearchParams({ code: 'any', state: again.attempt.state }).toString()
    await expect(allowed.finish({ query: retry }, again.attempt)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(asked).toBe(1)
  })

  test.each<[string, RequestListener]>([
    ['redirects', (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['answers without end', (_request, response) => endless(response)],
    ['speaks for another issuer', (_request, response) => response.end('{"issuer":"https://other.example"}')],
    ['answers with no document', (_request, response) => response.end('<html></html>')],
  ])('one that %s is not believed', async (_what, listener) => {
    const client = createOidcClient({ issuer: await serve(listener), ...CLIENT }, Date.now)
    await expect(begin(client)).rejects.toMatchObject({ code: 'overloaded' })
  })

  test('one that was away is asked again', async () => {
    let ready = false
    const issuer = await serve((_request, response) => {
      if (!ready) return void response.writeHead(503).end()
      const document = { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
    })
    const client = createOidcClient({ issuer, ...CLIENT }, Date.now)
    await expect(begin(client)).rejects.toMatchObject({ code: 'overloaded', retryable: true })
    ready = true
    expect((await begin(client)).url).toContain(`${issuer}/auth?`)
  })
})

function endless(response: Parameters<RequestListener>[1]): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  }
  response.on('drain', more)
  more()
}
