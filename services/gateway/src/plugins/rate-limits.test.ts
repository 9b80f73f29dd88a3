import type { Store } from '@askwire/store'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestApp, openTestStore, type TestApp } from '../test-support/create-test-app.ts'
import { isNotCounted } from './rate-limits.ts'

const local = { host: '127.0.0.1:8787' }
const ID = '0199a0e0-0000-7000-8000-000000000000'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
}, 60_000)
afterAll(async () => await store?.close())

async function withApp(settings: Record<string, string>, work: (one: TestApp) => Promise<void>): Promise<void> {
  const one = await createTestApp(store, settings)
  try {
    await work(one)
  } finally {
    await one.close()
  }
}

describe('S49: what is not counted', () => {
  let one: TestApp
  beforeAll(async () => {
    one = await createTestApp(store, { ASKWIRE_ADDRESS_REQUESTS_PER_MINUTE: '1' })
  }, 60_000)
  afterAll(async () => await one?.close())

  test('is this list, reviewed, and nothing else', () => {
    const open = [...one.app.methodsOfPaths.keys()].filter(isNotCounted)
    const ofThePage = /^\/(assets\/[\w.-]+|index\.html|icon\.svg|c\/:sessionId)?$/
    expect(open.filter((url) => !ofThePage.test(url)).sort()).toEqual([
      '/api/docs/assets/*',
      '/health',
      '/health/live',
      '/health/ready',
      '/metrics',
    ])
  })

  test('every other route, with any method, and every address that is none refuses the second request', async () => {
    let at = 0
    const counted = [...one.app.methodsOfPaths.keys(), '/nothing', '/api/nothing'].filter((url) => !isNotCounted(url))
    expect(counted.length).toBeGreaterThan(10)
    for (const path of counted) {
      // The stream of notices has no end to be waited for: it is asked for from a place that is none.
      const url = path.replace(/:\w+/g, ID).replace(/notices$/, 'notices?after=none')
      for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'PUT'] as const) {
        at += 1
        const remoteAddress = `198.51.${at >> 8}.${at & 255}`
        const ask = () => one.app.inject({ method, url, remoteAddress, headers: local, payload: {} })
        const first = await ask()
        expect([url, method, first.statusCode === 429]).toEqual([url, method, false])
        expect([url, method, (await ask()).statusCode]).toEqual([url, method, 429])
      }
    }
  }, 60_000)

  test('what watches the process is answered however often it asks', async () => {
    for (let call = 0; call < 20; call += 1)
      for (const url of ['/health', '/health/live', '/metrics'])
        expect((await one.app.inject({ url, remoteAddress: '198.18.0.1', headers: local })).statusCode).toBe(200)
  })
})

describe('requests a minute', () => {
  test('each answer says what is left, and a refusal when to come back', () =>
    withApp({ ASKWIRE_REQUESTS_PER_MINUTE: '3' }, async ({ app, context }) => {
      const ask = () => app.inject({ url: '/api/documents', headers: local })
      for (const left of ['2', '1', '0']) {
        const { statusCode, headers } = await ask()
        expect(statusCode).toBe(200)
        expect(headers).toMatchObject({ 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': left })
        expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThan(0)
      }
      const refused = await ask()
      expect(refused.statusCode).toBe(429)
      expect(refused.json()).toMatchObject({ error: { code: 'rate_limited', retryable: true } })
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(15)
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(20)
      expect(await context.metrics.registry.metrics()).toMatch(/askwire_rate_limited_total\{limit="person".*\} 1/)
    }))

  test('a person is counted over all addresses', () =>
    withApp({ ASKWIRE_REQUESTS_PER_MINUTE: '3' }, async ({ app }) => {
      const statuses = []
      for (let at = 1; at <= 5; at += 1) {
        const remoteAddress = `203.0.113.${at}`
        statuses.push((await app.inject({ url: '/api/documents', remoteAddress, headers: local })).statusCode)
      }
      expect(statuses).toEqual([200, 200, 200, 429, 429])
    }))

  test('S50: an address that invents others stays one', () =>
    withApp({ ASKWIRE_ADDRESS_REQUESTS_PER_MINUTE: '5' }, async ({ app }) => {
      const statuses = []
      for (let at = 1; at <= 10; at += 1) {
        const other = `203.0.113.${at}`
        const headers = {
          ...local,
          'x-forwarded-for': other,
          forwarded: `for=${other}`,
          'x-real-ip': other,
          'true-client-ip': other,
          'cf-connecting-ip': other,
          'x-client-ip': other,
        }
        statuses.push((await app.inject({ url: '/api/documents', remoteAddress: '198.51.100.1', headers })).statusCode)
      }
      expect(statuses.filter((status) => status === 429)).toHaveLength(5)
    }))

  test('S50: behind a trusted proxy the address it saw counts, not what its client wrote before', () =>
    withApp(
      { ASKWIRE_ADDRESS_REQUESTS_PER_MINUTE: '5', ASKWIRE_TRUSTED_PROXIES: '10.0.0.1,192.168.0.0/16' },
      async ({ app }) => {
        const ask = async (forwarded: string, remoteAddress = '10.0.0.1') =>
          (
            await app.inject({
              url: '/api/documents',
              remoteAddress,
              headers: { ...local, 'x-forwarded-for': forwarded },
            })
          ).statusCode
        const spoofed = []
        for (let at = 1; at <= 10; at += 1) spoofed.push(await ask(`203.0.113.${at}, 198.51.100.1`))
        expect(spoofed.filter((status) => status === 429)).toHaveLength(5)
        expect(await ask('198.51.100.2')).toBe(200)
        expect(await ask('198.51.100.1, 192.168.3.4')).toBe(429)
        const stranger = []
        for (let at = 1; at <= 10; at += 1) stranger.push(await ask(`203.0.113.${at}`, '198.51.100.77'))
        expect(stranger.filter((status) => status === 429)).toHaveLength(5)
      },
    ))
})

describe('tries', () => {
  const settings = { ASKWIRE_ACCOUNT_ATTEMPTS: '4', ASKWIRE_ADDRESS_ATTEMPTS: '8' }
  const refused = expect.objectContaining({ code: 'rate_limited', retryAfterMs: expect.any(Number) })

  test('S50: an account has its tries from all addresses together, however it is written', () =>
    withApp(settings, async ({ context: { limits } }) => {
      for (const [at, account] of [
        'ada@example.com',
        ' ADA@example.com',
        'Ada@Example.com',
        'ａda@example.com',
      ].entries())
        await limits.attempt('login', { address: `203.0.113.${at}`, account })
      await expect(limits.attempt('login', { address: '198.51.100.9', account: 'ada@example.com' })).rejects.toEqual(
        refused,
      )
      await limits.attempt('login', { address: '198.51.100.9', account: 'bob@example.com' })
      await limits.attempt('forgot', { address: '198.51.100.9', account: 'ada@example.com' })
    }))

  test('an address has its tries over all accounts', () =>
    withApp(settings, async ({ context: { limits } }) => {
      for (let at = 0; at < 8; at += 1)
        await limits.attempt('login', { address: '2001:db8::1', account: `${at}@example.com` })
      await expect(limits.attempt('login', { address: '2001:db8::2', account: 'new@example.com' })).rejects.toEqual(
        refused,
      )
    }))

  test('a right try gives the account its tries back, the address none', () =>
    withApp(settings, async ({ context: { limits } }) => {
      const who = { address: '203.0.113.5', account: 'ada@example.com' }
      for (let at = 0; at < 8; at += 1) {
        await limits.attempt('login', who)
        await limits.succeeded('login', who.account)
      }
      await expect(limits.attempt('login', who)).rejects.toEqual(refused)
    }))

  test('of 100 tries at once no more pass than there are', () =>
    withApp(settings, async ({ context: { limits } }) => {
      const tries = Array.from({ length: 100 }, (_, at) =>
        limits.attempt('mfa', { address: `203.0.113.${at}`, account: ID }).then(
          () => true,
          () => false,
        ),
      )
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(2)
    }))
})
