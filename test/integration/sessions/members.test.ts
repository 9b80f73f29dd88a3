import type {
  ActivityView,
  MemberView,
  MessageView,
  Page,
  RunView,
  SessionDetail,
  SessionView,
} from '@askwire/contracts'
import { type FakeModel, serversOrSkip, startFakeModel, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Answer, ask, call, openStream, type Stream } from '../../support/client.ts'
import { PASSWORD, type Person, signIn, signUp } from '../../support/sign-up.ts'
import { fakeModels, type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()
/** Neither replica looks again by itself while a test takes: only news can have told it. */
const NEWS_ALONE_MS = 600_000
let fake: FakeModel
let stack: Stack
let sessionId: string
let asked: Awaited<ReturnType<typeof ask>>
const people: Record<string, Person> = {}
const on = (gateway: number, path: string): string => `${stack.urls[gateway]}${path}`
const auth = (name: string): Record<string, string> => (people[name] as Person).auth
const idOf = (name: string): string => (people[name] as Person).user.id

beforeAll(async () => {
  fake = await startFakeModel()
  stack = await startStack(servers, {
    gateways: 2,
    models: fakeModels(fake),
    recheckMs: [NEWS_ALONE_MS, NEWS_ALONE_MS],
  })
  for (const name of ['owner2', 'viewer', 'editor', 'nobody'])
    people[name] = await signUp(on(0, ''), `${name}@example.com`)
  const tenant = await call<{ id: string }>(on(0, '/api/tenants'), { json: { name: 'Other' }, headers: stack.auth })
  expect(tenant.status).toBe(201)
  const invited = await call(on(0, '/api/invitations'), { json: { tenantId: tenant.body.id }, headers: stack.auth })
  const secret = /invitation=([\w-]+)/.exec(JSON.stringify(invited.body))?.[1]
  expect([invited.status, typeof secret]).toEqual([201, 'string'])
  people.abroad = await signUp(on(0, ''), 'abroad@example.com', secret)
  asked = await ask(on(0, ''), { message: 'What is a member?' }, auth('owner2'))
  sessionId = asked.sessionId
  await ended(asked.runId, 'owner2')
})
afterAll(async () => {
  await stack?.close()
  await fake?.close()
})

async function ended(runId: string, who: string): Promise<void> {
  await waitFor(
    async () => (await call<RunView>(on(0, `/api/runs/${runId}`), { headers: auth(who) })).body.finishedAt,
    {
      what: 'the answer',
    },
  )
}
async function endsAtOnce(stream: Stream): Promise<void> {
  let over = false
  void stream.closed.then(() => {
    over = true
  })
  await waitFor(() => over, { what: 'the stream to end' })
}
/** A session of its own, open to both members, with an answer of some minutes that nobody waits for. */
async function askSlowly(): Promise<string> {
  fake.behave({ interval: 50, count: 6000 })
  const slow = await ask(on(0, ''), { message: 'Take your time' }, auth('owner2'))
  sessionId = slow.sessionId
  expect((await give(idOf('viewer'), 'view')).status).toBe(201)
  expect((await give(idOf('editor'), 'edit')).status).toBe(201)
  return slow.runId
}
const deltas = (stream: Stream, runId: string): number =>
  stream.events.filter(({ event, data }) => event === 'message' && data.runId === runId).length
const give = (userId: string, access: 'view' | 'edit', by = 'owner2') =>
  call<MemberView>(on(0, `/api/sessions/${sessionId}/members`), { json: { userId, access }, headers: auth(by) })
const bar = (disabled: boolean) =>
  call(on(0, `/api/users/${idOf('owner2')}`), { method: 'PATCH', json: { disabled }, headers: stack.auth })
const eraseOwner = () => call(on(0, '/api/auth/me/erase'), { json: { password: PASSWORD }, headers: auth('owner2') })
const take = (userId: string, by = 'owner2') =>
  call(on(0, `/api/sessions/${sessionId}/members/${userId}`), { method: 'DELETE', headers: auth(by) })

/** What each route answers, by name. */
async function statuses(who: string): Promise<Record<string, number>> {
  const headers = auth(who)
  const path = `/api/sessions/${sessionId}`
  const status = async (url: string, init: Parameters<typeof call>[1] = {}): Promise<number> =>
    (await call(on(1, url), { ...init, headers })).status
  const stream = await openStream(on(1, `${path}/events`), { headers })
  stream.close()
  return {
    session: await status(path),
    messages: await status(`${path}/messages`),
    events: stream.status,
    run: await status(`/api/runs/${asked.runId}`),
    fork: await status(`${path}/fork`, { json: { messageId: asked.questionId } }),
    ask: await status('/api/chat', { json: { sessionId, message: `from ${who}` } }),
    cancel: await status(`/api/runs/${asked.runId}/cancel`, { method: 'POST' }),
    rename: await status(path, { method: 'PATCH', json: { title: 'Mine now' } }),
    members: await status(`${path}/members`),
    invite: await status(`${path}/members`, { json: { userId: idOf('nobody'), access: 'edit' } }),
    share: await status(`${path}/share`, { json: {} }),
    unshare: await status(`${path}/share`, { method: 'DELETE' }),
    remove: await status(path, { method: 'DELETE' }),
  }
}
const NOT_THEIRS = { rename: 404, members: 404, invite: 404, share: 404, unshare: 404, remove: 404 }
const VIEW = { session: 200, messages: 200, events: 200, run: 200, fork: 201 }

describe('members', () => {
  test('what each may: view, edit, none, another team', async () => {
    expect((await give(idOf('viewer'), 'view')).status).toBe(201)
    expect((await give(idOf('editor'), 'edit')).status).toBe(201)
    expect(await statuses('viewer')).toEqual({ ...VIEW, ask: 404, cancel: 404, ...NOT_THEIRS })
    expect(await statuses('editor')).toEqual({ ...VIEW, ask: 202, cancel: 200, ...NOT_THEIRS })
    const nothing = {
      session: 404,
      messages: 404,
      events: 404,
      run: 404,
      fork: 404,
      ask: 404,
      cancel: 404,
      ...NOT_THEIRS,
    }
    expect(await statuses('nobody')).toEqual(nothing)
    expect(await statuses('abroad')).toEqual(nothing)
  })

  test('a session is opened to people of the team alone, by its owner alone', async () => {
    expect((await give(idOf('abroad'), 'view')).status).toBe(404)
    expect((await give(idOf('owner2'), 'view')).status).toBe(404)
    expect((await give(sessionId, 'view')).status).toBe(404)
    expect((await give(idOf('nobody'), 'view', 'editor')).status).toBe(404)
    expect((await take(idOf('viewer'), 'editor')).status).toBe(404)
    const byMail = await call<MemberView>(on(0, `/api/sessions/${sessionId}/members`), {
      json: { email: 'viewer@example.com', access: 'view' },
      headers: auth('owner2'),
    })
    expect([byMail.status, byMail.body.userId]).toEqual([201, idOf('viewer')])
    const { body } = await call<{ items: MemberView[] }>(on(0, `/api/sessions/${sessionId}/members`), {
      headers: auth('owner2'),
    })
    expect(body.items.map(({ userId, access }) => [userId, access])).toEqual([
      [idOf('viewer'), 'view'],
      [idOf('editor'), 'edit'],
    ])
  })

  test('the list of what is shared with me has it, without what is its owner’s alone', async () => {
    await call(on(0, `/api/sessions/${sessionId}`), {
      method: 'PATCH',
      json: { draft: 'a secret thought', tags: ['private'], pinned: true },
      headers: auth('owner2'),
    })
    const { body } = await call<Page<SessionView>>(on(1, '/api/sessions?shared=true'), { headers: auth('viewer') })
    expect(body.items.map(({ id, access }) => [id, access])).toEqual([[sessionId, 'view']])
    const one = await call<SessionDetail>(on(1, `/api/sessions/${sessionId}`), { headers: auth('viewer') })
    expect(one.body).toMatchObject({ access: 'view', draft: '', tags: [], pinned: false })
    for (const text of [body, one.body].map((part) => JSON.stringify(part)))
      expect(text).not.toMatch(/secret thought|private/)
    const own = await call<Page<SessionView>>(on(1, '/api/sessions'), { headers: auth('viewer') })
    expect(own.body.items.some(({ id }) => id === sessionId)).toBe(false)
  })

  test('a question of a member names them, and is answered in the session', async () => {
    const theirs = await ask(on(1, ''), { message: 'Who asked this?', sessionId }, auth('editor'))
    await ended(theirs.runId, 'owner2')
    const { rows } = await stack.deps.store.pool.query('select author_id, user_id from messages where id = $1', [
      theirs.questionId,
    ])
    expect(rows).toEqual([{ author_id: idOf('editor'), user_id: idOf('owner2') }])
    const { body } = await call<Page<MessageView>>(on(0, `/api/sessions/${sessionId}/messages`), {
      headers: auth('viewer'),
    })
    expect(body.items.some(({ runId, role }) => runId === theirs.runId && role === 'assistant')).toBe(true)
  })

  test('a colleague watches a run live, and loses it at once, in its middle, when the session is closed to them', async () => {
    const runId = await askSlowly()
    const viewer = await openStream(on(1, `/api/sessions/${sessionId}/events`), { headers: auth('viewer') })
    const owner = await openStream(on(1, `/api/sessions/${sessionId}/events`), { headers: auth('owner2') })
    await waitFor(() => deltas(viewer, runId) >= 3, { what: 'the run to be seen live' })
    expect((await take(idOf('viewer'))).status).toBe(204)
    await endsAtOnce(viewer)
    const [seen, before] = [viewer.events.length, deltas(owner, runId)]
    await waitFor(() => deltas(owner, runId) >= before + 3, { what: 'the run to go on' })
    expect(viewer.events).toHaveLength(seen)
    expect(viewer.events.some(({ event }) => event === 'workflow_finished')).toBe(false)
    const again = await openStream(on(1, `/api/sessions/${sessionId}/events`), { headers: auth('viewer') })
    expect(again.status).toBe(404)
    expect((await take(idOf('viewer'))).status).toBe(404)
    await call(on(1, `/api/runs/${runId}/cancel`), { method: 'POST', headers: auth('owner2') })
    await owner.until('workflow_finished')
    owner.close()
  })

  test('a colleague leaves by themselves: their streams of it end at once, the owner is told, and nobody else can', async () => {
    const runId = await askSlowly()
    const leave = (who: string) =>
      call(on(0, `/api/sessions/${sessionId}/leave`), { method: 'POST', headers: auth(who) })
    const stream = await openStream(on(1, `/api/sessions/${sessionId}/events`), { headers: auth('editor') })
    const heard = await openStream(on(1, '/api/notices'), { headers: auth('editor') })
    const owner = await openStream(on(1, '/api/notices'), { headers: auth('owner2') })
    for (const notices of [heard, owner]) await notices.until('ready')
    await waitFor(() => deltas(stream, runId) > 0, { what: 'the run to be seen live' })
    for (const who of ['owner2', 'nobody', 'abroad']) expect((await leave(who)).status).toBe(404)
    expect((await leave('editor')).status).toBe(204)
    await endsAtOnce(stream)
    for (const [notices, news] of [
      [heard, 'session.deleted'],
      [owner, 'session.updated'],
    ] as const)
      await waitFor(() => notices.events.some(({ event, data }) => event === news && data.sessionId === sessionId), {
        what: `${news} to be told`,
      })
    heard.close()
    owner.close()
    expect((await leave('editor')).status).toBe(404)
    const path = `/api/sessions/${sessionId}`
    expect((await call(on(1, path), { headers: auth('editor') })).status).toBe(404)
    const { body } = await call<{ items: MemberView[] }>(on(1, `${path}/members`), { headers: auth('owner2') })
    expect(body.items.map(({ userId }) => userId)).toEqual([idOf('viewer')])
    const recorded = await call<Page<ActivityView>>(on(0, '/api/activities?action=session.leave'), {
      headers: auth('editor'),
    })
    expect(recorded.body.items).toMatchObject([
      { actorId: idOf('editor'), targetId: sessionId, before: { memberId: idOf('editor'), access: 'edit' } },
    ])
    await call(on(1, `/api/runs/${runId}/cancel`), { method: 'POST', headers: auth('owner2') })
  })

  test.each([
    ['barred', (): Promise<Answer<unknown>> => bar(true)],
    ['erased', (): Promise<Answer<unknown>> => eraseOwner()],
  ])('an owner who is %s takes their sessions from their members at once, streams and lists too', async (what, go) => {
    const runId = await askSlowly()
    const viewer = await openStream(on(1, `/api/sessions/${sessionId}/events`), { headers: auth('viewer') })
    await waitFor(() => deltas(viewer, runId) > 0, { what: 'the run to be seen live' })
    expect((await go()).status).toBeLessThan(300)
    const path = `/api/sessions/${sessionId}`
    for (const rest of ['', '/events', '/messages', '/queue'])
      expect((await call(on(0, `${path}${rest}`), { headers: auth('editor') })).status).toBe(404)
    const json = { sessionId, message: 'In whose name?' }
    expect((await call(on(0, '/api/chat'), { json, headers: auth('editor') })).status).toBe(404)
    const { body } = await call<Page<SessionView>>(on(0, '/api/sessions?shared=true'), { headers: auth('viewer') })
    expect(body.items.map(({ id }) => id)).not.toContain(sessionId)
    await endsAtOnce(viewer)
    if (what === 'barred') {
      await bar(false)
      expect((await call(on(1, path), { headers: auth('viewer') })).status).toBe(200)
      await call(on(1, `/api/runs/${runId}/cancel`), { method: 'POST', headers: auth('editor') })
    }
    people.owner2 = await signIn(on(0, ''), 'owner2@example.com').catch(() => signUp(on(0, ''), 'owner3@example.com'))
  })

  test('into the trash in the middle of a run: every stream of it ends at once on every replica, and the run', async () => {
    const runId = await askSlowly()
    const streams = await Promise.all(
      (['owner2', 'editor'] as const).flatMap((who) =>
        [0, 1].map((gateway) => openStream(on(gateway, `/api/sessions/${sessionId}/events`), { headers: auth(who) })),
      ),
    )
    for (const stream of streams) await waitFor(() => deltas(stream, runId) > 0, { what: 'the run to be seen live' })
    const heard = await openStream(on(1, '/api/notices'), { headers: auth('editor') })
    await heard.until('ready')
    const path = `/api/sessions/${sessionId}`
    expect((await call(on(0, path), { method: 'DELETE', headers: auth('owner2') })).status).toBe(204)
    await heard.until('session.deleted')
    heard.close()
    await Promise.all(streams.map(endsAtOnce))
    for (const gateway of [0, 1])
      for (const rest of ['/events', '/messages', '/queue'])
        for (const who of ['owner2', 'editor'])
          expect((await call(on(gateway, `${path}${rest}`), { headers: auth(who) })).status).toBe(404)
    expect((await call(on(1, path), { headers: auth('editor') })).status).toBe(404)
    const { body } = await call<Page<SessionView>>(on(1, '/api/sessions?shared=true'), { headers: auth('editor') })
    expect(body.items.map(({ id }) => id)).not.toContain(sessionId)
    await waitFor(
      async () => {
        const { rows } = await stack.deps.store.pool.query('select status from runs where id = $1', [runId])
        return rows[0].status === 'cancelled'
      },
      { what: 'the run to be cancelled' },
    )
  })
})
