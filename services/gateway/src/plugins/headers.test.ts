import type { Store } from '@askwire/store'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestApp, openTestStore, type TestApp } from '../test-support/create-test-app.ts'

const ORIGIN = 'https://app.example.com'
let store: Store
let one: TestApp
beforeAll(async () => {
  store = await openTestStore()
  one = await createTestApp(store, { ASKWIRE_CORS_ORIGINS: ORIGIN, ASKWIRE_TRUSTED_PROXIES: '10.0.0.0/8' })
}, 60_000)
afterAll(async () => {
  await one?.close()
  await store?.close()
})

const local = { host: '127.0.0.1:8787' }

describe('security headers', () => {
  test.each(['/health', '/api/documents', '/api/nothing', '/', '/api/docs'])('%s has them all', async (url) => {
    const { headers } = await one.app.inject({ url, headers: local })
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'origin-agent-cluster': '?1',
      'x-dns-prefetch-control': 'off',
      'x-download-options': 'noopen',
      'x-permitted-cross-domain-policies': 'none',
      'x-xss-protection': '0',
    })
    for (const rule of ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      expect(headers['content-security-policy']).toContain(rule)
    expect(headers['content-security-policy']).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*/)
    expect(headers['permissions-policy']).toContain('camera=()')
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('server')
    expect(headers).not.toHaveProperty('strict-transport-security')
  })

  test('an answer of the API is kept by no cache', async () => {
    for (const url of ['/api/documents', '/api/nothing', '/api/openapi.json', '/health'])
      expect((await one.app.inject({ url, headers: local })).headers['cache-control']).toBe('no-store')
  })

  test('HSTS when a trusted proxy says that it was https, and not on the word of anyone else', async () => {
    const ask = (remoteAddress: string) =>
      one.app.inject({ url: '/health', remoteAddress, headers: { ...local, 'x-forwarded-proto': 'https' } })
    expect((await ask('10.1.2.3')).headers['strict-transport-security']).toMatch(/^max-age=31536000/)
    expect((await ask('203.0.113.9')).headers).not.toHaveProperty('strict-transport-security')
  })

  test('an https address for the public makes HSTS and Secure cookies certain, without a word of the proxy', async () => {
    const secure = await createTestApp(store, { ASKWIRE_PUBLIC_URL: 'https://chat.example.com' })
    try {
      expect((await secure.app.inject({ url: '/health', headers: local })).headers).toHaveProperty(
        'strict-transport-security',
      )
      const headers = { ...local, cookie: 'askwire_refresh=over', origin: `http://${local.host}` }
      const logout = { method: 'POST', url: '/api/auth/logout', headers } as const
      for (const [app, flag] of [[secure.app, true] as const, [one.app, false] as const]) {
        const cookies = [(await app.inject(logout)).headers['set-cookie'] ?? []].flat()
        expect(cookies.map((text) => text.includes('; Secure'))).toEqual([flag, flag])
      }
    } finally {
      await secure.close()
    }
  })
})

describe('S44: other origins', () => {
  const foreign = [
    'https://evil.example',
    'null',
    `${ORIGIN}.evil.example`,
    'https://evilapp.example.com',
    'https://app.example.com:8443',
    'http://app.example.com',
    `${ORIGIN}/`,
    ORIGIN.toUpperCase(),
    'https://app.example.com@evil.example',
    'file://',
    '',
  ]

  test.each(foreign)('%j is never allowed, repeated or waved through', async (origin) => {
    for (const url of ['/api/documents', '/health', '/api/sessions/0199a0e0-0000-7000-8000-000000000000/events']) {
      const { headers, body } = await one.app.inject({ url, headers: { ...local, origin } })
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
      if (origin.includes(':')) expect(body).not.toContain(origin)
    }
    const change = await one.app.inject({
      method: 'POST',
      url: '/api/chat',
      headers: { ...local, origin },
      payload: { message: 'hello', mode: 'async' },
    })
    expect(change.statusCode).toBe(403)
  })

  test('the listed origin is answered with credentials, exactly it, never *', async () => {
    const { headers, statusCode } = await one.app.inject({
      url: '/api/documents',
      headers: { ...local, origin: ORIGIN },
    })
    expect(statusCode).toBe(200)
    expect(headers['access-control-allow-origin']).toBe(ORIGIN)
    expect(headers['access-control-allow-credentials']).toBe('true')
    expect(headers['access-control-expose-headers']).toContain('Retry-After')
    expect(headers.vary).toMatch(/\bOrigin\b/)
  })

  test('the own page may change things', async () => {
    const headers = { ...local, origin: 'http://127.0.0.1:8787' }
    const payload = { message: 'hello', mode: 'async' }
    expect((await one.app.inject({ method: 'POST', url: '/api/chat', headers, payload })).statusCode).toBe(202)
  })

  test('every route answers the preflight of the listed origin, and refuses that of another', async () => {
    const paths = [...one.app.methodsOfPaths.keys()].filter((url) => url.startsWith('/api/'))
    expect(paths.length).toBeGreaterThan(8)
    for (const path of paths) {
      const url = path.replace(/:\w+/g, '0199a0e0-0000-7000-8000-000000000000').replace('*', 'swagger-ui.css')
      const ask = (origin: string) =>
        one.app.inject({
          method: 'OPTIONS',
          url,
          headers: { ...local, origin, 'access-control-request-method': 'POST' },
        })
      const allowed = await ask(ORIGIN)
      expect([url, allowed.statusCode]).toEqual([url, 204])
      expect(allowed.headers['access-control-allow-origin']).toBe(ORIGIN)
      expect(allowed.headers['access-control-allow-headers']).toContain('Authorization')
      expect(allowed.headers['access-control-allow-methods']).toMatch(/GET|POST|PATCH|DELETE/)
      const refused = await ask('https://evil.example')
      expect([url, refused.statusCode]).toEqual([url, 403])
      expect(refused.headers).not.toHaveProperty('access-control-allow-origin')
    }
  })
})
