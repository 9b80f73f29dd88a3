import { randomBytes } from 'node:crypto'
import { createLogger } from '@askwire/runtime'
import type { Store } from '@askwire/store'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createTestApp, openTestStore } from '../test-support/create-test-app.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
}, 60_000)
afterAll(async () => await store?.close())

const canary = (): string => randomBytes(32).toString('base64url')

test('S51, S52: whatever a caller shows as a secret is in no log line and no answer but the one that hands it out', async () => {
  let log = ''
  const logger = createLogger(
    { name: 'gateway', level: 'trace' },
    {
      write: (line) => {
        log += line
      },
    },
  )
  const one = await createTestApp(store, {}, undefined, logger)
  const secrets = Array.from({ length: 6 }, canary)
  const [password = '', bearer = '', apiKey = '', cookie = '', wrong = '', query = ''] = secrets
  const agent = 'curl\t{"level":"fatal"}\u001b[2J'
  const headers = { host: '127.0.0.1:8787', 'user-agent': agent }
  const email = 'canary@example.com'
  try {
    const post = (url: string, payload: object, more = {}) =>
      one.app.inject({ method: 'POST', url, headers: { ...headers, ...more }, payload })
    const registered = await post('/api/auth/register', { email, password, name: 'Canary' })
    expect(registered.statusCode).toBe(201)
    const { accessToken, refreshToken } = registered.json<{ accessToken: string; refreshToken: string }>()
    secrets.push(accessToken, refreshToken)
    const answers = [
      await post('/api/auth/login', { email, password: wrong }),
      await post('/api/auth/register', { email, password, name: 'Again' }),
      await post('/api/auth/refresh', { refreshToken: `rt-${wrong}` }),
      await post(
        '/api/chat',
        { message: 'hi', mode: 'async', password: wrong },
        { authorization: `Bearer ${accessToken}` },
      ),
      await one.app.inject({ url: '/api/documents', headers: { ...headers, authorization: `Bearer ${bearer}` } }),
      await one.app.inject({ url: '/api/documents', headers: { ...headers, 'x-api-key': `sk-${apiKey}` } }),
      await one.app.inject({ url: '/api/documents', headers: { ...headers, cookie: `askwire_access=${cookie}` } }),
      await one.app.inject({ url: `/api/documents?access_token=${query}`, headers }),
      await one.app.inject({ url: '/api/auth/me', headers: { ...headers, authorization: `Bearer ${accessToken}` } }),
      await one.app.inject({ url: '/metrics', headers }),
    ]
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(40)
      expect(log).not.toContain(secret)
      for (const { body } of answers) expect(body).not.toContain(secret)
    }
    expect(log).toContain('credential refused')
    for (const line of log.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
  } finally {
    await one.close()
  }
}, 60_000)
