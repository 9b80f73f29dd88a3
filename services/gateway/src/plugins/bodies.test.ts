import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Store } from '@askwire/store'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestApp, openTestStore, type TestApp } from '../test-support/create-test-app.ts'
import { rawRequest, statusOf } from '../test-support/raw-request.ts'

let store: Store
let one: TestApp
let port: number
beforeAll(async () => {
  store = await openTestStore()
  one = await createTestApp(store, { ASKWIRE_MAX_BODY_BYTES: '200000' })
  await one.app.listen({ host: '127.0.0.1', port: 0 })
  port = (one.app.server.address() as AddressInfo).port
}, 60_000)
afterAll(async () => {
  await one?.close()
  await store?.close()
})

async function post(contentTypes: string[], body: string, headers: string[] = []): Promise<number> {
  const types = contentTypes.map((type) => `Content-Type: ${type}`)
  const lines = [
    'POST /api/chat HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: close',
    ...types,
    ...headers,
    `Content-Length: ${Buffer.byteLength(body, 'latin1')}`,
  ]
  return statusOf(await rawRequest(port, `${lines.join('\r\n')}\r\n\r\n${body}`))
}

const INVALID = '{"message":"","mode":"async","owner":true}'
const VALID = '{"message":"hello","mode":"async"}'

describe('S37: no way around the check of a body', () => {
  test.each([
    'application/json',
    'application/json ',
    'application/json\t',
    'application/json; charset=utf-8',
    'application/json ; charset=utf-8',
    'APPLICATION/JSON',
    'application/json;',
    'application/json;charset="utf-8"; a=b',
    ' application/json',
  ])('%j: refused because of its fields', async (type) => expect(await post([type], INVALID)).toBe(400))

  test.each([
    'text/plain',
    'text/json',
    'application/jsonx',
    'application/json-patch',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json\x0b',
    'application/json, text/plain',
    '*/*',
    'json',
    'application/xml',
  ])('%j: refused because of its type', async (type) => expect([400, 415]).toContain(await post([type], VALID)))

  test('without a type, or with two', async () => {
    expect([400, 415]).toContain(await post([], VALID))
    expect([202, 400, 415]).toContain(await post(['application/json', 'text/plain'], VALID))
    expect([400, 415]).toContain(await post(['text/plain', 'application/json'], VALID))
    expect(await post(['application/json', 'text/plain'], INVALID)).not.toBe(202)
  })
})

describe('S28: bodies that are made to break', () => {
  const json = ['application/json']
  test('the plain body is taken', async () => {
    expect(await post(json, VALID)).toBe(202)
    expect(await post(json, '{"message":"hello","deadlineMs":1}')).toBe(202)
  })

  test.each([
    ['a prototype', '{"message":"a","mode":"async","__proto__":{"admin":true}}'],
    ['a prototype, escaped', '{"message":"a","mode":"async","\\u005f_proto__":{"admin":true}}'],
    ['a constructor', '{"message":"a","mode":"async","constructor":{"prototype":{"admin":true}}}'],
    ['deep nesting', `{"message":${'['.repeat(40_000)}${']'.repeat(40_000)}}`],
    ['deep nesting of objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['nothing', ''],
    ['a number', '1e999'],
    ['null', 'null'],
    ['a list', '[]'],
    ['not JSON', '{'],
    ['two values', `${VALID}${VALID}`],
    ['wrong types', '{"message":{"toString":1},"mode":["async"]}'],
  ])('%s', async (_name, body) => {
    expect(await post(json, body)).toBe(400)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  test('where no body is needed nothing is one, whatever its type, and what has fields is refused', async () => {
    const payload = ''
    const headers = { host: '127.0.0.1:8787', 'content-type': 'application/json' }
    const inject = (method: 'POST' | 'DELETE', url: string) => one.app.inject({ method, url, headers, payload })
    const id = '0199a0e0-0000-7000-8000-000000000000'
    expect((await inject('POST', `/api/runs/${id}/cancel`)).statusCode).toBe(404)
    expect((await inject('DELETE', `/api/sessions/${id}`)).statusCode).toBe(404)
    expect((await inject('POST', '/api/sessions')).statusCode).toBe(201)
    const cancel = (body: string) =>
      one.app.inject({ method: 'POST', url: `/api/runs/${id}/cancel`, headers, payload: body })
    for (const body of ['{}', 'null']) expect([body, (await cancel(body)).statusCode]).toEqual([body, 404])
    for (const body of ['{"status":"succeeded"}', '[]', '1'])
      expect([body, (await cancel(body)).statusCode]).toEqual([body, 400])
    expect((await inject('POST', '/api/chat')).json()).toMatchObject({ error: { code: 'invalid_request' } })
  })

  test('S26: a compressed body is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000)).toString('latin1')
    for (const encoding of ['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'identity, gzip'])
      expect(await post(json, bomb, [`Content-Encoding: ${encoding}`])).toBe(415)
  })

  test('a body over its limit is 413, whether or not it says so', async () => {
    expect(await post(json, `{"message":"${'a'.repeat(300_000)}"}`)).toBe(413)
    const chunk = 'a'.repeat(60_000)
    const chunks = Array.from({ length: 5 }, () => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')
    const head = 'POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n'
    expect(statusOf(await rawRequest(port, `${head}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`))).toBe(413)
  })

  test('a length and chunks at once, or two lengths, are refused', async () => {
    const head = 'POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n'
    for (const lines of [
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
      'Content-Length: 5\r\nContent-Length: 6\r\n',
      'Transfer-Encoding: chunked, identity\r\n',
    ])
      expect(statusOf(await rawRequest(port, `${head}${lines}\r\n0\r\n\r\n`))).toBe(400)
  })
})
