import {
  type DatabaseClient,
  type FakeModel,
  openDatabaseClient,
  serversOrSkip,
  startFakeModel,
  waitFor,
} from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Caller, type Cast, makeCast, must } from '../support/access/cast.ts'
import { makeOwners, markOf, type Owner } from '../support/access/owners.ts'
import { expectedStatus, mayAsMember, type Rule, type Thing } from '../support/access/rules.ts'
import { ACCESS_TABLE } from '../support/access/table.ts'
import { createThingMaker } from '../support/access/things.ts'
import { ask, call } from '../support/client.ts'
import { dumpDatabase } from '../support/dump-database.ts'
import { type OpenApi, operationsOf } from '../support/openapi-kit.ts'
import { type RawRequest, rawRequest } from '../support/raw-request.ts'
import { type Person, signIn } from '../support/sign-up.ts'
import { fakeModels, type Stack, startStack } from '../support/stack.ts'

const servers = serversOrSkip()

/** Runs go on by themselves while the matrix is walked. */
const RUNNING = ['runs', 'messages']
const routeOf = (rule: Rule): string => rule.route.split(' # ')[0] ?? ''
const ROUTES = [...new Set(ACCESS_TABLE.map(routeOf))]

describe('who may call what', () => {
  let fake: FakeModel
  let stack: Stack
  let url: string
  let document: OpenApi
  let database: DatabaseClient
  let cast: Cast
  let owners: Owner[]
  let make: Awaited<ReturnType<typeof createThingMaker>>
  let asked = 0

  beforeAll(async () => {
    fake = await startFakeModel()
    // Two runs fill the worker, so that what is asked after them is queued; they are so slow that they run all the time.
    const settings = { ASKWIRE_WORKER_CONCURRENCY: '2', ASKWIRE_MAX_UNFINISHED_RUNS: '10000' }
    stack = await startStack(servers, { models: fakeModels(fake), settings })
    url = stack.urls[0] ?? ''
    document = (await call<OpenApi>(`${url}/api/openapi.json`)).body
    database = await openDatabaseClient(stack.env.ASKWIRE_DATABASE_URL)
    cast = await makeCast(url, await signIn(url, 'owner@example.com'))
    owners = await makeOwners(url, cast)
    make = await createThingMaker(stack, cast, owners)
  }, 120_000)
  afterAll(async () => {
    await database.close()
    await stack.close()
    await fake.close()
  }, 60_000)

  test('every route has a row, and every row a route with the same permission', () => {
    const documented = operationsOf(document).map(({ name, operation }) => [
      name,
      operation['x-permission'] ?? 'public',
    ])
    const declared = ACCESS_TABLE.map((rule): [string, string] => [routeOf(rule), rule.access])
    expect(documented.filter(([name]) => !ROUTES.includes(name ?? ''))).toEqual([])
    const permissions = new Map(documented.map(([name = '', permission = '']) => [name, permission]))
    expect(declared.filter(([name, permission]) => permissions.get(name) !== permission)).toEqual([])
  })

  test('every caller is who the table takes them for', async () => {
    for (const caller of cast.callers) {
      const { status, body } = await call<{ id: string; permissions: string[] }>(`${url}/api/auth/me`, {
        headers: caller.headers,
      })
      if (caller.userId === null) expect(status).toBe(401)
      else
        expect({ id: body.id, permissions: body.permissions }).toEqual({
          id: caller.userId,
          permissions: [...caller.permissions].sort(),
        })
    }
  })

  function requestFor(rule: Rule, caller: Caller, thing: Thing | undefined): RawRequest {
    const [method = '', path = ''] = routeOf(rule).split(' ')
    const whole = rule.query === undefined ? path : `${path}?${rule.query}`
    const filled = whole.replaceAll(/:(\w+)/g, (_, name: string) => thing?.params[name] ?? 'missing')
    const json = rule.body?.({ thing, caller, fresh: `${process.pid}-${asked++}` })
    // An empty header stands for none, and Node would send it.
    const headers = Object.fromEntries(Object.entries(caller.headers).filter(([, value]) => value !== ''))
    return {
      method,
      path: filled,
      headers: { ...headers, ...rule.headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
      body: json === undefined ? undefined : JSON.stringify(json),
    }
  }

  /** Until nothing is done in the background that an earlier row has begun. */
  async function settled(): Promise<void> {
    const unfinished = 'select 1 from jobs where finished_at is null limit 1'
    await waitFor(async () => (await database.query(unfinished)).length === 0, {
      what: 'the end of all jobs',
      timeoutMs: 45_000,
    })
  }

  /** Walks the callers of one row; those who may not come first, and must leave the database as it was. */
  async function walk(rule: Rule): Promise<string[]> {
    const problems: string[] = []
    const targets = rule.thing === undefined ? [undefined] : owners
    const shared = new Map<Owner | undefined, Thing | undefined>()
    for (const owner of targets) shared.set(owner, owner && rule.thing && (await make(owner, rule.thing)))
    const cells = cast.callers.flatMap((caller) =>
      targets.map((owner) => ({ caller, owner, expected: expectedStatus(rule, caller, shared.get(owner)) })),
    )
    const visit = async ({ caller, owner, expected }: (typeof cells)[number], thing: Thing | undefined) => {
      const answer = await rawRequest(url, requestFor(rule, caller, thing))
      const where = `${rule.route} by ${caller.name}${owner ? ` on a thing of ${owner.name}` : ''}`
      if (answer.status !== expected)
        problems.push(`${where}: ${answer.status}, not ${expected}: ${answer.body.slice(0, 200)}`)
      for (const other of owners)
        if (
          other.person.user.id !== caller.userId &&
          !mayAsMember(rule, caller, other.colleagues) &&
          answer.body.includes(markOf(other.person))
        )
          problems.push(`${where}: tells what only ${other.name} may read`)
    }
    await settled()
    const before = await dumpDatabase(database, RUNNING)
    for (const cell of cells) if (cell.expected !== rule.ok) await visit(cell, shared.get(cell.owner))
    const after = await dumpDatabase(database, RUNNING)
    for (const [table, digest] of Object.entries(before))
      if (after[table] !== digest) problems.push(`${rule.route}: somebody who may not has changed ${table}`)
    for (const cell of cells) {
      if (cell.expected !== rule.ok) continue
      await visit(cell, cell.owner && rule.thing && (await make(cell.owner, rule.thing)))
    }
    return problems
  }

  test('one session leads to no other: neither one of one’s own nor one that is open to one', async () => {
    const [alice] = owners
    if (!alice) throw new Error('there is no owner')
    const { params: target } = await make(alice, 'private session')
    const { params: open } = await make(alice, 'session')
    const { params: waiting } = await make(alice, 'waiting run')
    const { sessionId: bobs } = await ask(url, { message: 'A question of my own' }, cast.bob.auth)
    const ways: [string, Person, string][] = [
      ['by a session of one’s own', cast.bob, bobs],
      ['by a session that is open to be edited', cast.editor, open.sessionId ?? ''],
      ['by another session of its owner', alice.person, open.sessionId ?? ''],
    ]
    const read = async (path: string) => await must(alice.person, 'GET', `${url}/api/sessions/${path}`)
    const readAll = async () => [
      await dumpDatabase(database, RUNNING),
      await read(`${target.sessionId}/messages`),
      await read(`${waiting.sessionId}/queue`),
    ]
    await settled()
    const before = await readAll()
    const problems: string[] = []
    for (const [way, person, sessionId] of ways) {
      const through = `/api/sessions/${sessionId}`
      const { questionId, answerId } = target
      const requests: [number, string, string, object?][] = [
        [404, 'POST', '/api/chat', { message: 'And?', sessionId, parentId: answerId }],
        [404, 'GET', `${through}/messages?branch=${answerId}`],
        [404, 'PATCH', `${through}/messages/${questionId}`, { content: 'Or rather?' }],
        [404, 'DELETE', `${through}/messages/${questionId}`],
        [404, 'POST', `${through}/messages/${answerId}/regenerate`, {}],
        [404, 'POST', `${through}/messages/${answerId}/continue`, {}],
        [404, 'POST', `${through}/messages/${answerId}/feedback`, { rating: 'up' }],
        [404, 'DELETE', `${through}/messages/${answerId}/feedback`],
        [404, 'POST', `${through}/fork`, { messageId: answerId }],
        [404, 'POST', `${through}/fork`, { messageId: answerId, branches: 'all' }],
        [404, 'POST', `${through}/share`, { leafId: answerId }],
        [404, 'PATCH', through, { activeLeafId: answerId }],
        [409, 'PATCH', `${through}/queue`, { runIds: [waiting.runId] }],
        [404, 'PATCH', `${through}/queue/${waiting.runId}`, { message: 'Or rather?' }],
        [404, 'DELETE', `${through}/queue/${waiting.runId}`],
      ]
      for (const [expected, method, path, json] of requests) {
        const { status } = await call(`${url}${path}`, { method, ...(json && { json }), headers: person.auth })
        if (status !== expected) problems.push(`${way}: ${method} ${path}: ${status}, not ${expected}`)
      }
    }
    expect(problems).toEqual([])
    expect(await readAll()).toEqual(before)
  }, 60_000)

  test.each(ACCESS_TABLE.map((rule) => [rule.route, rule] as const))(
    '%s',
    async (_name, rule) => expect(await walk(rule)).toEqual([]),
    60_000,
  )

  test('HEAD says what GET says and no more; methods a route does not have tell nobody anything', async () => {
    const [alice] = owners
    if (!alice) throw new Error('there is no owner')
    const { sessionId } = (await make(alice, 'running session')).params
    const { documentId } = (await make(alice, 'chunk')).params
    const problems: string[] = []
    for (const caller of cast.callers) {
      const headers = Object.fromEntries(Object.entries(caller.headers).filter(([, value]) => value !== ''))
      const send = async (method: string, path: string) => await rawRequest(url, { method, path, headers })
      const read = async (path: string): Promise<void> => {
        const [head, get] = [await send('HEAD', path), await send('GET', path)]
        const allowed = /\/(events|notices|export)$/.test(path) ? [405, 404] : [get.status]
        if (!allowed.includes(head.status) || head.body !== '')
          problems.push(`HEAD ${path} by ${caller.name}: ${head.status}`)
      }
      await read(`/api/sessions/${sessionId}/events`)
      await read(`/api/sessions/${sessionId}/messages`)
      await read(`/api/documents/${documentId}`)
      for (const part of ['', '/queue', '/members', '/export']) await read(`/api/sessions/${sessionId}${part}`)
      for (const list of ['sessions', 'shares', 'folders', 'tags', 'jobs', 'notices', 'search?q=secret'])
        await read(`/api/${list}`)
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        const { status } = await send(method, `/api/sessions/${sessionId}/messages`)
        if (status !== 405) problems.push(`${method} by ${caller.name}: ${status}`)
      }
    }
    expect(problems).toEqual([])
  }, 60_000)
})
