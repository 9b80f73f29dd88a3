import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import type { Store } from '@askwire/store'
import { loopTime } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestApp, openTestStore, type TestApp } from '../test-support/create-test-app.ts'
import { rawRequest, statusOf } from '../test-support/raw-request.ts'

let store: Store
let one: TestApp
let port: number
beforeAll(async () => {
  store = await openTestStore()
  one = await createTestApp(store, { ASKWIRE_MAX_BODY_BYTES: '200000' }, () => async () => {
    throw new Error('nobody may get this far')
  })
  await one.app.listen({ host: '127.0.0.1', port: 0 })
  port = (one.app.server.address() as AddressInfo).port
}, 60_000)
afterAll(async () => {
  await one?.close()
  await store?.close()
})

const send = (line: string, headers: string[] = [], body = ''): Promise<string> =>
  rawRequest(
    port,
    `${[`${line} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n${body}`,
  )

/** Status for someone whose credential makes `authenticate` fail loudly: 500 shows that the guard of the route was reached. */
const GUARDED = 500

describe('S36: what leads to a route leads to its guard, and nothing else leads there', () => {
  test('the plain path is guarded', async () => expect(statusOf(await send('GET /api/documents'))).toBe(GUARDED))

  test.each([
    '//api/documents',
    '/api//documents',
    '/api/./documents',
    '/api/%2e/documents',
    '/health/../api/documents',
    '/health/%2e%2e/api/documents',
    '/api/documents;a=b',
    '/api/documents/',
    '/API/documents',
    '/api%2Fdocuments',
    '/api%2fdocuments',
    '/api\\documents',
    '/api/documents%00',
    '/api/documents%20',
    '/api/documents\t',
    '/.%2e/api/documents',
    '/api/documents%',
    '/api/%zzdocuments',
    '/api/documents.json',
  ])('%s', async (path) => {
    expect([400, 404, GUARDED]).toContain(statusOf(await send(`GET ${path}`)))
    expect(await send(`GET ${path}`)).not.toMatch(/"items"/)
  })

  test.each(['http://127.0.0.1/api/documents', 'http://evil.example/health', '*'])(
    'request line with %s',
    async (target) => {
      expect(statusOf(await send(`GET ${target}`))).toBe(400)
    },
  )

  test.each(['127.0.0.1/api', 'evil@127.0.0.1', '127.0.0.1, evil.example', 'a b', ''])('Host %j', async (host) => {
    const answer = await rawRequest(port, `GET /api/documents HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    expect(statusOf(answer)).toBe(400)
  })

  test('two Host headers, none, or a foreign one on loopback', async () => {
    const ask = (headers: string) => rawRequest(port, `GET /health HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`)
    expect(statusOf(await ask(''))).toBe(400)
    expect([400, 403]).toContain(statusOf(await ask('Host: evil.example\r\nHost: 127.0.0.1\r\n')))
    expect(statusOf(await ask('Host: evil.example\r\n'))).toBe(403)
  })

  test('no header names another method', async () => {
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])
      expect(statusOf(await send('GET /api/chat', [`${name}: POST`]))).toBe(405)
    expect(statusOf(await send('GET /health?_method=DELETE'))).toBe(200)
  })
})

describe('methods', () => {
  test.each([
    ['PUT /api/documents', 'GET, HEAD, OPTIONS'],
    ['GET /api/chat', 'OPTIONS, POST'],
    ['TRACE /api/chat', 'OPTIONS, POST'],
    ['DELETE /health', 'GET, HEAD, OPTIONS'],
    ['POST /health', 'GET, HEAD, OPTIONS'],
    ['HEAD /api/sessions/0199a0e0-0000-7000-8000-000000000000/events', 'GET, OPTIONS'],
  ])('%s is 405 and says what there is', async (line, allow) => {
    const answer = await send(line)
    expect(statusOf(answer)).toBe(405)
    expect(answer).toMatch(new RegExp(`^allow: ${allow}\\r?$`, 'im'))
  })

  test.each(['PROPFIND /health', 'MKCOL /', 'PURGE /api/documents'])('%s is 405', async (line) => {
    expect(statusOf(await send(line))).toBe(405)
  })

  test.each(['PUT /nothing', 'TRACE /nothing', 'POST /api/nothing'])('%s is 404', async (line) => {
    expect(statusOf(await send(line))).toBe(404)
  })

  test('HEAD is GET without a body; OPTIONS tells the methods', async () => {
    const head = await send('HEAD /health')
    expect(statusOf(head)).toBe(200)
    expect(head.split('\r\n\r\n')[1]).toBe('')
    expect(head).toMatch(/^content-length: [1-9]/im)
    const options = await send('OPTIONS /api/documents')
    expect(statusOf(options)).toBe(204)
    expect(options).toMatch(/^allow: GET, HEAD, OPTIONS/im)
    expect(options).not.toMatch(/access-control-allow-origin/i)
  })
})

describe('a request that is too much', () => {
  test('headers of more than 16 KiB are 431', async () => {
    expect(statusOf(await send('GET /health', [`X-Long: ${'a'.repeat(17_000)}`]))).toBe(431)
  })

  test('headers that never end cost their connection', async () => {
    const socket = rawRequest(port, 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
    one.app.server.headersTimeout = 300
    try {
      expect((await loopTime(() => socket)).ms).toBeLessThan(8000)
    } finally {
      one.app.server.headersTimeout = 10_000
    }
  })
})

describe('compression', () => {
  test('a long answer is compressed, a short one is not', async () => {
    const ask = (url: string) => one.app.inject({ url, headers: { host: '127.0.0.1', 'accept-encoding': 'gzip' } })
    const long = await ask('/api/openapi.json')
    expect(long.headers['content-encoding']).toBe('gzip')
    expect(JSON.parse(gunzipSync(long.rawPayload).toString('utf8'))).toHaveProperty('openapi')
    expect((await ask('/health')).headers).not.toHaveProperty('content-encoding')
  })
})
