import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type {
  ActivityStats,
  ActivityView,
  AuditVerification,
  CreatedToken,
  ErrorBody,
  GroupView,
  InvitationView,
  MeView,
  Page,
  RoleView,
  TenantView,
  TokenView,
  UserView,
} from '@askwire/contracts'
import { newId } from '@askwire/contracts'
import { serversOrSkip, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Answer, call, openStream } from '../../support/client.ts'
import { NOBODY } from '../../support/sign-ins.ts'
import { PASSWORD, type Person, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()
/** The second replica believes what it knows for longer than any test takes: only news can have told it. */
const NEWS_ALONE_MS = 600_000
const root = new URL('../../..', import.meta.url).pathname

describe('administration', () => {
  let stack: Stack
  let url: string
  let other: string

  beforeAll(async () => {
    stack = await startStack(servers, { gateways: 2, recheckMs: [undefined, NEWS_ALONE_MS] })
    url = stack.urls[0] ?? ''
    other = stack.urls[1] ?? ''
  }, 60_000)
  afterAll(async () => await stack.close(), 60_000)

  type Auth = Record<string, string>
  const mailOf = (): string => `${newId()}@example.com`
  const send = async <T>(method: string, path: string, json?: unknown, auth: Auth = stack.auth, at = url) =>
    await call<T & ErrorBody>(`${at}${path}`, { method, headers: auth, ...(json !== undefined && { json }) })
  const get = async <T>(path: string, auth?: Auth, at?: string): Promise<Answer<T & ErrorBody>> =>
    await send<T>('GET', path, undefined, auth, at)
  const roleNamed = async (name: string, auth?: Auth): Promise<RoleView> => {
    const { body } = await get<Page<RoleView>>('/api/roles?limit=100', auth)
    const role = body.items.find((one) => one.name === name)
    if (!role) throw new Error(`no role ${name}`)
    return role
  }
  /** Somebody with the permissions of a role of their own. */
  const personWith = async (permissions: string[]): Promise<Person> => {
    const person = await signUp(url, mailOf())
    const role = await send<RoleView>('POST', '/api/roles', { name: newId(), permissions })
    await send('PATCH', `/api/users/${person.user.id}`, { roleId: role.body.id })
    return person
  }
  const registerBy = async (invitation: string, email = mailOf()): Promise<Answer<{ user: MeView } & ErrorBody>> =>
    await call(`${url}/api/auth/register`, {
      json: { email, password: PASSWORD, name: 'Invited', invitation },
      headers: NOBODY,
    })
  const secretOf = (link: string): string => new URL(link).hash.replace('#invitation=', '')

  test('people are listed, changed and barred; what they may do changes at once on every replica', async () => {
    const ann = await signUp(url, mailOf())
    const mine = (at: string): Promise<Answer<MeView & ErrorBody>> => get<MeView>('/api/auth/me', ann.auth, at)
    for (const at of [url, other]) expect((await get('/api/users', ann.auth, at)).status).toBe(403)
    const admin = await roleNamed('admin')
    const promoted = await send<UserView>('PATCH', `/api/users/${ann.user.id}`, { roleId: admin.id })
    expect(promoted).toMatchObject({ status: 200, body: { role: { name: 'admin' } } })
    expect((await get<Page<UserView>>('/api/users', ann.auth)).status).toBe(200)
    await waitFor(async () => (await get('/api/users', ann.auth, other)).status === 200, {
      what: 'the other replica to know',
    })
    expect((await send('PATCH', `/api/users/${ann.user.id}`, { disabled: true })).status).toBe(200)
    expect((await mine(url)).status).toBe(401)
    await waitFor(async () => (await mine(other)).status === 401, { what: 'the other replica' })
    const seen = await get<UserView>(`/api/users/${ann.user.id}`)
    expect(seen.body).toMatchObject({ disabled: true, role: { name: 'admin' } })
  })

  test('an open stream ends when its owner is barred', async () => {
    const bea = await signUp(url, mailOf())
    const asked = await call<{ sessionId: string }>(`${url}/api/chat`, {
      json: { message: 'hello' },
      headers: bea.auth,
    })
    const stream = await openStream(`${other}/api/sessions/${asked.body.sessionId}/events`, { headers: bea.auth })
    expect(stream.status).toBe(200)
    await send('PATCH', `/api/users/${bea.user.id}`, { disabled: true })
    await stream.closed
    expect((await get('/api/auth/me', bea.auth)).status).toBe(401)
  }, 60_000)

  test('logins of a person are ended by an administrator', async () => {
    const { auth, user } = await signUp(url, mailOf())
    expect((await send('DELETE', `/api/users/${user.id}/logins`)).status).toBe(204)
    expect((await get('/api/auth/me', auth)).status).toBe(401)
  })

  test('fields that are not asked for are refused, everywhere', async () => {
    const role = await roleNamed('user')
    const { body: owner } = await get<MeView>('/api/auth/me')
    const extra = [{ id: newId() }, { tenantId: newId() }, { userId: newId() }, { owner: true }, { createdAt: '2020' }]
    const bodies: [string, string, Record<string, unknown>][] = [
      ['PATCH', `/api/users/${owner.id}`, {}],
      ['POST', '/api/roles', { name: 'x', permissions: [] }],
      ['PATCH', `/api/roles/${role.id}`, {}],
      ['POST', '/api/groups', { name: 'x', roleId: role.id }],
      ['POST', '/api/tenants', { name: 'x' }],
      ['PATCH', `/api/tenants/${owner.tenantId}`, {}],
      ['POST', '/api/tokens', { name: 'x', scopes: ['chat'] }],
    ]
    for (const [method, path, body] of bodies)
      for (const more of extra) expect((await send(method, path, { ...body, ...more })).status).toBe(400)
    for (const more of [{ id: newId() }, { acceptedAt: null }, { role: 'admin' }])
      expect((await send('POST', '/api/invitations', more)).status).toBe(400)
    for (const permission of ['installation.operate', 'installation.tenants', 'account.manage', 'nonsense'])
      expect((await send('POST', '/api/roles', { name: 'x', permissions: [permission] })).status).toBe(400)
  })

  test('a role and a group give what they hold and no more, and nobody gives what they do not hold', async () => {
    const lesser = await personWith(['roles.manage', 'users.manage', 'users.read', 'chat.read'])
    const more = await send('POST', '/api/roles', { name: newId(), permissions: ['audit.read'] }, lesser.auth)
    expect(more.status).toBe(403)
    const { body: role } = await send<RoleView>('POST', '/api/roles', { name: newId(), permissions: ['users.read'] })
    const { body: group, status } = await send<GroupView>('POST', '/api/groups', { name: newId(), roleId: role.id })
    expect(status).toBe(201)
    const cid = await signUp(url, mailOf())
    const members = `/api/groups/${group.id}/members`
    expect((await get('/api/users', cid.auth)).status).toBe(403)
    expect((await send('POST', members, { userId: cid.user.id })).status).toBe(201)
    expect((await get('/api/users', cid.auth)).status).toBe(200)
    expect((await get<Page<UserView>>(members)).body.items.map(({ id }) => id)).toEqual([cid.user.id])
    expect((await send('DELETE', `/api/roles/${role.id}`)).status).toBe(409)
    expect((await send('PATCH', `/api/roles/${role.id}`, { permissions: [] })).status).toBe(200)
    expect((await get('/api/users', cid.auth)).status).toBe(403)
    expect((await send('PATCH', `/api/roles/${role.id}`, { permissions: ['users.read'] })).status).toBe(200)
    expect((await get('/api/users', cid.auth)).status).toBe(200)
    expect((await send('DELETE', `${members}/${cid.user.id}`)).status).toBe(204)
    expect((await get('/api/users', cid.auth)).status).toBe(403)
    expect((await send('DELETE', `/api/groups/${group.id}`)).status).toBe(204)
    expect((await send('DELETE', `/api/roles/${role.id}`)).status).toBe(204)
    const templates = await get<Page<{ key: string }>>('/api/roles/templates')
    expect(templates.body.items.map(({ key }) => key)).toContain('librarian')
  })

  test('an invitation leads into its tenant and role; of 50 uses at once one makes an account', async () => {
    const { body: tenant } = await send<TenantView>('POST', '/api/tenants', { name: 'Brennick' })
    const roles = await get<Page<RoleView>>(`/api/roles?tenantId=${tenant.id}`)
    const admin = roles.body.items.find(({ builtIn }) => builtIn === 'admin')
    const wanted = { tenantId: tenant.id, roleId: admin?.id, email: 'boss@brennick.example' }
    const made = await send<InvitationView & { url: string }>('POST', '/api/invitations', wanted)
    expect(made).toMatchObject({ status: 201, body: { role: { name: 'admin' }, email: 'boss@brennick.example' } })
    const secret = secretOf(made.body.url)
    const mails = await waitFor(
      async () => {
        const files = await readdir(stack.outbox)
        const texts = await Promise.all(files.map((file) => readFile(join(stack.outbox, file), 'utf8')))
        return texts.some((text) => text.includes('boss@brennick.example')) ? texts : undefined
      },
      { what: 'the mail' },
    )
    expect(mails.join('')).toContain(secret.slice(0, 20))

    const open = await send<{ url: string }>('POST', '/api/invitations', { tenantId: tenant.id, roleId: admin?.id })
    const answers = await Promise.all(Array.from({ length: 50 }, () => registerBy(secretOf(open.body.url))))
    const [won, ...more] = answers.filter(({ status }) => status < 300)
    expect(more).toEqual([])
    expect(won?.body.user).toMatchObject({ tenantId: tenant.id, owner: false, role: { name: 'admin' } })
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
    const { body } = await get<Page<UserView>>(`/api/users?limit=100&tenantId=${tenant.id}`)
    expect(body.items).toHaveLength(1)
  }, 60_000)

  test('a revoked invitation leads nowhere', async () => {
    const { body } = await send<InvitationView & { url: string }>('POST', '/api/invitations', {})
    expect((await send('DELETE', `/api/invitations/${body.id}`)).status).toBe(204)
    expect((await registerBy(secretOf(body.url))).status).toBeGreaterThanOrEqual(400)
  })

  test('a barred tenant lets nobody in, and in again lets them sign in', async () => {
    const { body: tenant } = await send<TenantView>('POST', '/api/tenants', { name: 'Gone' })
    const { body: invitation } = await send<{ url: string }>('POST', '/api/invitations', { tenantId: tenant.id })
    const email = mailOf()
    expect((await registerBy(secretOf(invitation.url), email)).status).toBeLessThan(300)
    const signIn = async (): Promise<number> =>
      (await call(`${url}/api/auth/login`, { json: { email, password: PASSWORD }, headers: NOBODY })).status
    const path = `/api/tenants/${tenant.id}`
    expect(await signIn()).toBe(200)
    expect((await send('PATCH', path, { disabled: true })).status).toBe(200)
    expect(await signIn()).toBe(403)
    expect((await send('PATCH', path, { disabled: false })).status).toBe(200)
    expect(await signIn()).toBe(200)
    const { body: owner } = await get<MeView>('/api/auth/me')
    expect((await send('PATCH', `/api/tenants/${owner.tenantId}`, { disabled: true })).status).toBe(409)
  })

  test('an API token does what its scopes say, is shown once, and ends when it is deleted', async () => {
    const dan = await signUp(url, mailOf())
    const wanted = { name: 'ci', scopes: ['chat', 'read'] }
    const made = await send<CreatedToken>('POST', '/api/tokens', wanted, dan.auth)
    expect(made.status).toBe(201)
    const { token, ...view } = made.body
    expect(token).toMatch(/^sk-[\w-]{43}$/)
    expect(view.prefix).toBe(token.slice(0, 8))
    const key = { 'x-api-key': token }
    expect((await get('/api/auth/me', key)).status).toBe(200)
    expect((await get('/api/activities', key)).status).toBe(200)
    expect((await get('/api/tokens', key)).status).toBe(403)
    expect((await send('POST', '/api/tokens', wanted, key)).status).toBe(403)
    expect((await send('DELETE', '/api/activities', undefined, key)).status).toBe(403)
    const listed = await waitFor(
      async () => {
        const { body } = await get<Page<TokenView>>('/api/tokens', dan.auth)
        return body.items[0]?.lastUsedAt ? body.items : undefined
      },
      { what: 'its last use' },
    )
    expect(JSON.stringify(listed)).not.toContain(token.slice(8))
    expect(listed[0]?.lastUsedAddress).toBe('127.0.0.1')
    const stranger = await signUp(url, mailOf())
    expect((await send('DELETE', `/api/tokens/${view.id}`, undefined, stranger.auth)).status).toBe(404)
    expect((await send('DELETE', `/api/tokens/${view.id}`, undefined, dan.auth)).status).toBe(204)
    expect((await get('/api/auth/me', key)).status).toBe(401)
    await waitFor(async () => (await get('/api/auth/me', key, other)).status === 401, {
      what: 'the other replica to know',
    })
  })

  test('activities are one’s own; a tenant’s take a permission; clearing hides them from one’s own view', async () => {
    const eve = await signUp(url, mailOf())
    const own = async (): Promise<ActivityView[]> =>
      (await get<Page<ActivityView>>('/api/activities', eve.auth)).body.items
    expect((await own()).map(({ actorId }) => actorId)).not.toContain(undefined)
    expect(new Set((await own()).map(({ actorId }) => actorId))).toEqual(new Set([eve.user.id]))
    expect((await get('/api/activities?scope=tenant', eve.auth)).status).toBe(403)
    expect((await get('/api/activities/stats?scope=tenant', eve.auth)).status).toBe(403)
    expect((await get('/api/audit/verify', eve.auth)).status).toBe(403)
    const auditor = await personWith(['audit.read'])
    const all = await get<Page<ActivityView>>(`/api/activities?scope=tenant&actorId=${eve.user.id}`, auditor.auth)
    expect(all.body.items.map(({ id }) => id)).toEqual((await own()).map(({ id }) => id))
    expect((await get(`/api/activities?scope=tenant&tenantId=${newId()}`, auditor.auth)).status).toBe(404)
    const before = (await own()).length
    const cleared = await send<{ cleared: number }>('DELETE', '/api/activities', undefined, eve.auth)
    expect(cleared).toMatchObject({ status: 200, body: { cleared: before } })
    expect((await own()).map(({ action }) => action)).toEqual(['activities.clear'])
    const stats = await get<ActivityStats>('/api/activities/stats?days=2', eve.auth)
    expect(stats.body).toMatchObject({ total: 1, days: [{ action: 'activities.clear', count: 1 }] })
    const after = await get<Page<ActivityView>>(`/api/activities?scope=tenant&actorId=${eve.user.id}`, auditor.auth)
    expect(after.body.items).toHaveLength(before + 1)
  })

  test('the record is sealed within seconds; who changes it afterwards is found by the route and by the command', async () => {
    const verify = async (): Promise<AuditVerification> => (await get<AuditVerification>('/api/audit/verify')).body
    const command = async (): Promise<{ code: number; out: string }> =>
      await promisify(execFile)(process.execPath, ['scripts/run.mjs', 'scripts/audit-verify.ts'], {
        cwd: root,
        env: { ...process.env, ...stack.env },
      }).then(
        ({ stdout }) => ({ code: 0, out: stdout }),
        (error: { code: number; stdout: string }) => ({ code: error.code, out: error.stdout }),
      )
    await waitFor(async () => (await verify()).tenants.every(({ unsealed }) => unsealed === 0), {
      what: 'the record to be sealed',
      timeoutMs: 30_000,
    })
    const whole = await verify()
    expect(whole.ok).toBe(true)
    const { body: owner } = await get<MeView>('/api/auth/me')
    expect(whole.tenants.find(({ tenantId }) => tenantId === owner.tenantId)?.checked).toBeGreaterThan(10)
    expect(await command()).toMatchObject({ code: 0, out: expect.stringContaining(`${owner.tenantId}  whole`) })
    const { rows } = await stack.deps.store.pool.query<{ id: string }>(
      `update activities set address = '203.0.113.9' where id = (
        select id from activities where tenant_id = $1 and chain_seq = 4) returning id`,
      [owner.tenantId],
    )
    const broken = await verify()
    expect(broken.ok).toBe(false)
    expect(broken.tenants.find(({ ok }) => !ok)).toMatchObject({ problem: 'changed', brokenAt: rows[0]?.id })
    expect(await command()).toMatchObject({
      code: 1,
      out: expect.stringContaining(`BROKEN: changed at ${rows[0]?.id}`),
    })
  }, 60_000)
})
