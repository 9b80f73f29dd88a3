import { request as httpRequest } from 'node:http'
import { errorBody, type JobView, newId, type Page } from '@askwire/contracts'
import { serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, call } from '../support/client.ts'
import { type Stack, startStack } from '../support/stack.ts'

const servers = serversOrSkip()

type OpenApi = {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string }[]; requestBody?: unknown }>>
}

describe('bad input on every route', () => {
  let stack: Stack
  let url: string
  let sessionId: string

  beforeAll(async () => {
    stack = await startStack(servers, { workers: 0 })
    url = stack.urls[0] ?? ''
    sessionId = (await ask(url, { message: 'a question that stays queued' })).sessionId
  }, 60_000)
  afterAll(async () => await stack.close(), 60_000)

  /** The protocol's error, in its one shape, and the process goes on. */
  async function expectError(
    answer: { status: number; body: unknown; headers: Headers },
    status: number,
    code: string,
  ): Promise<void> {
    expect({ status: answer.status, body: answer.body }).toMatchObject({
      status,
      body: { error: { code, statusCode: status } },
    })
    const parsed = errorBody.parse(answer.body)
    expect(parsed.error.requestId).toBe(answer.headers.get('x-request-id'))
    expect((await call(`${url}/health/live`)).status).toBe(200)
  }

  const chat = async (body: unknown) => await call(`${url}/api/chat`, { json: body })

  test.each([
    ['nothing', {}],
    ['a number', { message: 5 }],
    ['null', { message: null }],
    ['an empty message', { message: '' }],
    ['a blank message', { message: ' \n ' }],
    ['a message that is too long', { message: 'x'.repeat(100_001) }],
    ['a NUL', { message: 'a\u0000b' }],
    ['a lone surrogate', { message: '\ud800' }],
    ['a NUL in the name of the model', { message: 'hi', model: 'a\u0000b' }],
    ['a lone surrogate in the name of the model', { message: 'hi', model: '\ud800' }],
    ['an unknown field', { message: 'hi', role: 'admin' }],
    ['somebody else', { message: 'hi', userId: newId(), tenantId: newId() }],
    ['a bad mode', { message: 'hi', mode: 'fast' }],
    ['a bad policy', { message: 'hi', onBusy: 'ignore' }],
    ['a bad session id', { message: 'hi', sessionId: "' or 1=1 --" }],
    ['a negative deadline', { message: 'hi', deadlineMs: -1 }],
    ['a huge deadline', { message: 'hi', deadlineMs: Number.MAX_VALUE }],
    ['an array for the body', [{ message: 'hi' }]],
    ['a prototype', JSON.parse('{"message":"hi","__proto__":{"a":1}}')],
  ])('POST /api/chat with %s', async (_what, body) => {
    await expectError(await chat(body), 400, 'invalid_request')
  })

  test('every problem of a body is told at once', async () => {
    const { body } = await chat({ message: 5, mode: 'fast', extra: true })
    expect(
      errorBody
        .parse(body)
        .error.details.map((detail) => detail.path)
        .sort(),
    ).toEqual(['', 'message', 'mode'])
  })

  test.each([
    ['malformed JSON', '{"message":', 'application/json', 400, 'invalid_request'],
    ['no body', '', 'application/json', 400, 'invalid_request'],
    ['a text', 'message=hi', 'text/plain', 415, 'unsupported_media_type'],
    ['a form', 'message=hi', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    [
      'ten megabytes',
      JSON.stringify({ message: 'x'.repeat(10_000_000) }),
      'application/json',
      413,
      'payload_too_large',
    ],
    [
      'a deep nest',
      `{"message":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      'application/json',
      400,
      'invalid_request',
    ],
    [
      'a poisoned prototype',
      '{"message":"hi","constructor":{"prototype":{"x":1}}}',
      'application/json',
      400,
      'invalid_request',
    ],
  ])('POST /api/chat as %s', async (_what, body, type, status, code) => {
    await expectError(
      await call(`${url}/api/chat`, { method: 'POST', body, headers: { 'content-type': type } }),
      status,
      code,
    )
  })

  test('S37: a tab before the parameters of the content type does not skip validation', async () => {
    for (const type of ['application/json\t; charset=utf-8', 'APPLICATION/JSON', 'application/json ;']) {
      const answer = await call(`${url}/api/chat`, {
        method: 'POST',
        body: '{"message":5}',
        headers: { 'content-type': type },
      })
      expect([400, 415]).toContain(answer.status)
    }
  })

  test('unknown ids are 404 on every route, and so are ids that are none', async () => {
    const { body: document } = await call<OpenApi>(`${url}/api/openapi.json`)
    const withIds = Object.entries(document.paths).filter(([path]) => path.includes('{'))
    expect(withIds.length).toBeGreaterThanOrEqual(6)
    for (const [path, operations] of withIds) {
      for (const [method, operation] of Object.entries(operations)) {
        // A route that takes a body looks at it before it looks for the thing, so that needs no body of each kind here.
        const unknown = 'requestBody' in operation ? [] : [newId()]
        for (const id of [...unknown, 'x', '..%2f..%2fetc', `${newId()}%00`, "'", '%F0%9F%98%80', 'a'.repeat(150)]) {
          const answer = await call(`${url}${path.replaceAll(/\{\w+\}/g, id)}`, { method: method.toUpperCase() })
          await expectError(answer, 404, 'not_found')
        }
      }
    }
  })

  test('S28: wrong types on every route and method never kill the process', async () => {
    const { body: document } = await call<OpenApi>(`${url}/api/openapi.json`)
    const ids = newId()
    for (const path of Object.keys(document.paths)) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']) {
        for (const body of method === 'GET' || method === 'HEAD'
          ? [undefined]
          : ['null', '[]', '1e999', '"x"', '{"__proto__":null}', '{']) {
          const answer = await call(`${url}${path.replaceAll(/\{\w+\}/g, ids)}?limit=${encodeURIComponent('{}')}&x=1`, {
            method,
            ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
          })
          expect(answer.status).toBeLessThan(500)
        }
      }
    }
    expect((await call(`${url}/health/live`)).status).toBe(200)
    // Some thousand requests, one after another.
  }, 180_000)

  test.each(['garbage', '1', '-1', '1-x', '1e5-1', '1-1-1', 'null'])('Last-Event-ID %s is 400', async (id) => {
    const answer = await call(`${url}/api/sessions/${sessionId}/events`, { headers: { 'last-event-id': id } })
    await expectError(answer, 400, 'invalid_event_id')
  })

  test.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'limit=-1',
    'cursor=',
    'cursor=%00',
    'cursor=garbage',
    'unknown=1',
    `cursor=${'x'.repeat(600)}`,
  ])('a list with %s is 400', async (query) => {
    await expectError(await call(`${url}/api/sessions/${sessionId}/messages?${query}`), 400, 'invalid_request')
    for (const list of ['documents', 'sessions', 'shares', 'jobs', 'export'])
      await expectError(await call(`${url}/api/${list}?${query}`), 400, 'invalid_request')
    await expectError(await call(`${url}/api/search?q=question&${query}`), 400, 'invalid_request')
  })

  const ID = newId()
  const ids = [ID]
  const SESSION = `/api/sessions/${ID}`
  const ANSWER = `${SESSION}/messages/${ID}`
  const WRONG: [string, string, unknown][] = [
    ['POST', '/api/sessions', { tags: ['a\u0000b'] }],
    ['POST', '/api/sessions', { folderId: 'x' }],
    ...[
      { title: '' },
      { title: 'x'.repeat(201) },
      { title: '\ud800' },
      { tags: Array.from({ length: 21 }, (_, at) => `tag ${at}`) },
      { tags: ['x'.repeat(41)] },
      { draft: 'a\u0000b' },
      { draft: '\udfff' },
      { draft: 'x'.repeat(100_001) },
      { draft: 'x', draftVersion: -1 },
      { pinned: 'yes' },
      { read: false },
      { activeLeafId: null },
    ].map((body): [string, string, unknown] => ['PATCH', SESSION, body]),
    ...[
      { action: 'explode', ids },
      { action: 'delete', ids: [] },
      { action: 'delete', ids: Array.from({ length: 201 }, newId) },
      { action: 'delete', ids: ['x'] },
      { action: 'tag', ids },
      { action: 'pin', ids, tag: 'x' },
    ].map((body): [string, string, unknown] => ['POST', '/api/sessions/bulk', body]),
    ['PATCH', ANSWER, { content: ' ' }],
    ['PATCH', ANSWER, { content: 'a\u0000b' }],
    ['PATCH', ANSWER, { content: 'x', attachments: Array.from({ length: 21 }, newId) }],
    ['POST', `${ANSWER}/regenerate`, { model: '\ud800' }],
    ['POST', `${ANSWER}/continue`, { onBusy: 'ignore' }],
    ['POST', `${ANSWER}/feedback`, { rating: 'sideways' }],
    ['POST', `${ANSWER}/feedback`, { rating: 'up', comment: 'x'.repeat(2001) }],
    ['PATCH', `${SESSION}/queue`, { runIds: [] }],
    ['PATCH', `${SESSION}/queue/${ID}`, { message: '\ud800' }],
    ['POST', `${SESSION}/fork`, { messageId: 'x' }],
    ['POST', `${SESSION}/fork`, { messageId: ID, branches: 'some' }],
    ['POST', `${SESSION}/members`, { userId: ID, access: 'owner' }],
    ['POST', `${SESSION}/members`, { userId: ID, email: 'a@example.org', access: 'view' }],
    ['POST', `${SESSION}/share`, { expiresInDays: 0 }],
    ['POST', `${SESSION}/share`, { expiresInDays: 1e9 }],
    ['POST', `${SESSION}/share`, { password: 'short' }],
    ['POST', `/api/shared/${'k'.repeat(22)}`, { password: 5 }],
    ['POST', '/api/folders', { name: ' ' }],
    ['PATCH', '/api/settings', { retentionDays: 0 }],
    ['PATCH', '/api/settings', { retentionDays: 1e9 }],
    ['POST', '/api/auth/me/erase', { code: 1 }],
    ['GET', '/api/search', undefined],
    ['GET', '/api/search?q=', undefined],
    ['GET', `/api/search?q=${'x'.repeat(501)}`, undefined],
    ['GET', '/api/sessions?from=yesterday', undefined],
    ['GET', '/api/sessions?sort=random', undefined],
    ['GET', `${SESSION}/messages?branch=some`, undefined],
    ['GET', `${SESSION}/export?format=pdf`, undefined],
    ['GET', '/api/feedback/stats?days=0', undefined],
  ]
  const shown = ([method, path, json]: (typeof WRONG)[number]): string =>
    `${method} ${path} ${JSON.stringify(json) ?? ''}`.replaceAll(ID, ':id').slice(0, 120)
  test.each(WRONG.map((request) => [shown(request), ...request] as const))('%s', async (_name, method, path, json) => {
    const answer = await call(`${url}${path}`, { method, ...(json !== undefined && { json }) })
    await expectError(answer, 400, 'invalid_request')
  })

  test.each([
    ['a text', 'hello', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['what is packed', '[]', { 'content-encoding': 'gzip' }, 415, 'unsupported_media_type'],
    ['nothing', '', {}, 400, 'invalid_request'],
  ])('POST /api/import with %s', async (_what, body, headers, status, code) => {
    const unfinished = async (): Promise<number> => {
      const { body: jobs } = await call<Page<JobView>>(`${url}/api/jobs?kind=import&limit=100`)
      return jobs.items.filter(({ finishedAt }) => finishedAt === null).length
    }
    const before = await unfinished()
    const given = { 'content-type': 'application/json', ...headers }
    await expectError(await call(`${url}/api/import`, { method: 'POST', body, headers: given }), status, code)
    expect(await unfinished()).toBe(before)
  })

  test.each(['garbage', '1', '-1', '1-x', '1-1-1', 'null'])('GET /api/notices after %s is 400', async (id) => {
    const answer = await call(`${url}/api/notices`, { headers: { 'last-event-id': id } })
    await expectError(answer, 400, 'invalid_event_id')
  })

  test.each(['has space', 'ü', 'x'.repeat(201), ''])(
    'an idempotency key like %j is refused or ignored when empty',
    async (key) => {
      const status = await rawStatus(`${url}/api/chat`, {
        'idempotency-key': Buffer.from(key, 'utf8').toString('latin1'),
      })
      expect(status).toBe(400)
    },
  )

  /** Sends what `fetch` would refuse to send. */
  async function rawStatus(target: string, headers: Record<string, string>): Promise<number | undefined> {
    return await new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        target,
        { method: 'POST', headers: { 'content-type': 'application/json', ...stack.auth, ...headers } },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      outgoing.on('error', reject)
      outgoing.end('{"message":"hi"}')
    })
  }

  test('a request id is kept when it is a plain word, and replaced when not', async () => {
    expect(
      (await call(`${url}/health`, { headers: { 'x-request-id': 'my-request.1' } })).headers.get('x-request-id'),
    ).toBe('my-request.1')
    expect((await call(`${url}/health`, { headers: { 'x-request-id': 'a b{}' } })).headers.get('x-request-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    )
  })

  test('a foreign host name is refused on loopback', async () => {
    const status = await new Promise((resolve) =>
      httpRequest(`${url}/health`, { headers: { host: 'evil.example' } }, (response) =>
        resolve(response.statusCode),
      ).end(),
    )
    expect(status).toBe(403)
  })

  test('readiness names each dependency', async () => {
    const { status, body } = await call<{ status: string; dependencies: { name: string; ok: boolean }[] }>(
      `${url}/health/ready`,
    )
    expect(status).toBe(200)
    expect(body.dependencies.map(({ name, ok }) => [name, ok])).toEqual([
      ['database', true],
      ['broker', true],
      ['event_log', true],
    ])
  })

  test('S3: every route is in the OpenAPI document, and the page for it is served', async () => {
    const { body: document } = await call<OpenApi & { openapi: string }>(`${url}/api/openapi.json`)
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/chat',
        '/api/runs/{runId}',
        '/api/runs/{runId}/cancel',
        '/api/sessions/{sessionId}/events',
        '/api/sessions/{sessionId}/messages',
        '/metrics',
      ]),
    )
    expect((await call(`${url}/api/docs`)).status).toBe(200)
    expect((await call(`${url}/api/docs/assets/swagger-ui-bundle.js`)).status).toBe(200)
    expect((await call(`${url}/api/docs/assets/package.json`)).status).toBe(404)
  })

  test('S23: nothing outside the page’s folder is served', async () => {
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/assets/..%2f..%2fpackage.json',
      '//etc/passwd',
      '/.env',
    ]) {
      expect((await call(`${url}${path}`)).status).toBeGreaterThanOrEqual(400)
    }
  })
})
