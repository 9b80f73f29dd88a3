import {
  type CreatedToken,
  type FolderView,
  type GroupView,
  newId,
  type RoleView,
  type TenantView,
} from '@askwire/contracts'
import { type DatabaseClient, openDatabaseClient, serversOrSkip, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { must } from '../../support/access/cast.ts'
import { ask, call } from '../../support/client.ts'
import { dumpDatabase } from '../../support/dump-database.ts'
import { type Json, type NamedOperation, type OpenApi, operationsOf } from '../../support/openapi-kit.ts'
import { rawRequest } from '../../support/raw-request.ts'
import { PASSWORD, type Person, signIn, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()

/** What peers let a body set (S10, S11). */
const FORBIDDEN: Json = {
  role: 'admin',
  roles: ['admin'],
  roleId: '00000000-0000-7000-8000-000000000001',
  permissions: ['users.manage'],
  isAdmin: true,
  owner: true,
  ownerId: '00000000-0000-7000-8000-000000000002',
  tenantId: '00000000-0000-7000-8000-000000000001',
  userId: '00000000-0000-7000-8000-000000000002',
  authorId: '00000000-0000-7000-8000-000000000002',
  id: '00000000-0000-7000-8000-000000000003',
  createdAt: '2001-01-01T00:00:00.000Z',
  limits: { maxUnfinishedRuns: 9999 },
  quota: 1_000_000,
  usedQuota: -1,
  maxUnfinishedRuns: 9999,
  passwordHash: 'x',
  mfaEnabled: false,
  registeredAt: null,
  disabledAt: null,
  deletedAt: null,
  titleSource: 'user',
  importKey: 'x',
  keyHash: 'x',
  snapshot: { title: null, messages: [] },
  views: -1,
  status: 'succeeded',
}

/** Where one of these is what the route is for. Any other route that takes one fails the suite. */
const MEANT = [
  'PATCH /api/users/:userId roleId',
  'PATCH /api/users/:userId limits',
  'POST /api/roles permissions',
  'PATCH /api/roles/:roleId permissions',
  'POST /api/groups roleId',
  'PATCH /api/groups/:groupId roleId',
  'POST /api/groups/:groupId/members userId',
  'POST /api/sessions/:sessionId/members userId',
  'POST /api/invitations roleId',
  'POST /api/invitations tenantId',
]

const SECRET = 's'.repeat(43)

describe('fields that are not for a body to set', () => {
  let stack: Stack
  let url: string
  let database: DatabaseClient
  let operations: NamedOperation[]
  let callers: Person[]
  let params: Record<string, string>
  /** A body that would be done, for every route that takes one. */
  let bodies: Record<string, Json>

  beforeAll(async () => {
    stack = await startStack(servers, { workers: 0 })
    url = stack.urls[0] ?? ''
    database = await openDatabaseClient(stack.env.ASKWIRE_DATABASE_URL)
    operations = operationsOf((await call<OpenApi>(`${url}/api/openapi.json`)).body).filter(
      ({ method }) => method === 'POST' || method === 'PATCH',
    )
    const root = await signIn(url, 'owner@example.com')
    const user = await signUp(url, 'user@example.org')
    callers = [root, user]
    const role = await must<RoleView>(root, 'POST', `${url}/api/roles`, { name: 'Role', permissions: [] })
    const group = await must<GroupView>(root, 'POST', `${url}/api/groups`, { name: 'Group', roleId: role.id })
    const tenant = await must<TenantView>(root, 'POST', `${url}/api/tenants`, { name: 'Tenant' })
    const token = await must<CreatedToken>(root, 'POST', `${url}/api/tokens`, { name: 'Token', scopes: ['read'] })
    const asked = await ask(url, { message: 'A question that is stopped' }, root.auth)
    const { runId, sessionId, questionId: messageId } = asked
    const folder = await must<FolderView>(root, 'POST', `${url}/api/folders`, { name: 'Folder' })
    await must(root, 'POST', `${url}/api/runs/${runId}/cancel`)
    // A run that waits is published, and told of, by itself.
    await waitFor(
      async () => {
        const run = stack.deps.store.db.selectFrom('runs').select('loggedAt').where('id', '=', runId)
        return (await run.executeTakeFirstOrThrow()).loggedAt !== null
      },
      { what: 'the end of the run in the log' },
    )
    params = {
      runId,
      sessionId,
      messageId,
      folderId: folder.id,
      key: 'k'.repeat(22),
      userId: user.user.id,
      roleId: role.id,
      groupId: group.id,
      tenantId: tenant.id,
      tokenId: token.id,
      letterId: newId(),
    }
    bodies = {
      'POST /api/auth/register': { email: 'new@example.org', password: PASSWORD, name: 'New' },
      'POST /api/auth/login': { email: 'user@example.org', password: PASSWORD },
      'POST /api/auth/refresh': { refreshToken: user.refreshToken },
      'POST /api/auth/logout': { refreshToken: user.refreshToken },
      'POST /api/auth/password/forgot': { email: 'user@example.org' },
      'POST /api/auth/password/reset': { token: SECRET, newPassword: PASSWORD },
      'POST /api/auth/password': { currentPassword: PASSWORD, newPassword: `${PASSWORD} 2` },
      'POST /api/auth/mfa/setup': { password: PASSWORD },
      'POST /api/auth/mfa/confirm': { code: '123456' },
      'POST /api/auth/mfa/disable': { password: PASSWORD, code: '123456' },
      'POST /api/auth/mfa/backup-codes': { password: PASSWORD, code: '123456' },
      'POST /api/auth/oidc/start': { transport: 'body' },
      'POST /api/auth/oidc/link': { password: PASSWORD },
      'POST /api/auth/oidc/unlink': { password: PASSWORD },
      'PATCH /api/auth/me': { name: 'Changed' },
      'POST /api/auth/me/erase': { password: PASSWORD },
      'POST /api/tokens': { name: 'Another', scopes: ['read'] },
      'POST /api/chat': { message: 'Another question' },
      'POST /api/sessions': { title: 'Another' },
      'PATCH /api/sessions/:sessionId': { title: 'Changed', pinned: true, draft: 'And', read: true },
      'POST /api/sessions/bulk': { action: 'move', ids: [sessionId], folderId: folder.id },
      'PATCH /api/sessions/:sessionId/messages/:messageId': { content: 'Asked differently' },
      'POST /api/sessions/:sessionId/messages/:messageId/regenerate': {},
      'POST /api/sessions/:sessionId/messages/:messageId/continue': {},
      'POST /api/sessions/:sessionId/messages/:messageId/feedback': { rating: 'up' },
      'PATCH /api/sessions/:sessionId/queue': { runIds: [runId] },
      'PATCH /api/sessions/:sessionId/queue/:runId': { message: 'Asked differently' },
      'POST /api/sessions/:sessionId/fork': { messageId },
      'POST /api/sessions/:sessionId/members': { userId: user.user.id, access: 'view' },
      'POST /api/sessions/:sessionId/share': { expiresInDays: 1 },
      'POST /api/shared/:key': { password: PASSWORD },
      'POST /api/shared/:key/copy': { password: PASSWORD },
      'POST /api/folders': { name: 'Another' },
      'PATCH /api/folders/:folderId': { name: 'Changed' },
      'PATCH /api/settings': { retentionDays: 1000 },
      'PATCH /api/users/:userId': { disabled: true },
      'POST /api/roles': { name: 'Another', permissions: [] },
      'PATCH /api/roles/:roleId': { name: 'Changed' },
      'POST /api/groups': { name: 'Another', roleId: role.id },
      'PATCH /api/groups/:groupId': { name: 'Changed' },
      'POST /api/groups/:groupId/members': { userId: user.user.id },
      'POST /api/invitations': {},
      'POST /api/tenants': { name: 'Another' },
      'PATCH /api/tenants/:tenantId': { name: 'Changed' },
    }
  }, 60_000)
  afterAll(async () => {
    await database.close()
    await stack.close()
  }, 60_000)

  /** A file that is uploaded has no fields. */
  const schemaOf = ({ operation }: NamedOperation): Json | undefined => {
    const schema = operation.requestBody?.content['application/json']?.schema
    return schema?.format === 'binary' ? undefined : schema
  }
  const takes = (named: NamedOperation, field: string): boolean => hasField(schemaOf(named) ?? {}, field)
  const hasField = (schema: Json, field: string): boolean =>
    field in ((schema.properties ?? {}) as Json) ||
    [schema.anyOf, schema.oneOf].some((either) => ((either ?? []) as Json[]).some((one) => hasField(one, field)))
  const pathOf = ({ path }: Pick<NamedOperation, 'path'>): string =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'missing')

  test('every route that takes a body is tried, and takes such a field only where that is what it is for', () => {
    const withBody = operations.filter((named) => schemaOf(named) !== undefined)
    expect(withBody.map(({ name }) => name).sort()).toEqual(Object.keys(bodies).sort())
    const taken = withBody.flatMap((named) =>
      Object.keys(FORBIDDEN)
        .filter((field) => takes(named, field))
        .map((field) => `${named.name} ${field}`),
    )
    expect(taken.sort()).toEqual([...MEANT].sort())
  })

  test('S10, S11: each is refused with 400 on every POST and PATCH, whoever asks, and nothing in the database changes', async () => {
    const problems: string[] = []
    const before = await dumpDatabase(database)
    for (const named of operations) {
      const body = bodies[named.name]
      if (!body) continue
      const path = pathOf(named)
      for (const [field, value] of Object.entries(FORBIDDEN)) {
        if (takes(named, field)) continue
        for (const caller of callers) {
          const allowed = named.operation['x-permission']
          const mayCall = !allowed || caller.user.permissions.some((one) => one === allowed)
          const answer = await rawRequest(url, {
            method: named.method,
            path,
            headers: { ...caller.auth, 'content-type': 'application/json' },
            body: JSON.stringify({ ...body, [field]: value }),
          })
          const expected = mayCall ? 400 : 403
          if (answer.status !== expected)
            problems.push(
              `${named.name} with ${field} by ${caller.email}: ${answer.status} ${answer.body.slice(0, 200)}`,
            )
        }
      }
    }
    expect(problems).toEqual([])
    expect(await dumpDatabase(database)).toEqual(before)
  }, 60_000)

  test('a field inside a field is refused too', async () => {
    const [root] = callers
    const before = await dumpDatabase(database)
    const nested = { limits: { maxUnfinishedRuns: 5, owner: true } }
    const path = `${url}/api/users/${params.userId}`
    expect((await call(path, { method: 'PATCH', json: nested, headers: root?.auth ?? {} })).status).toBe(400)
    expect(await dumpDatabase(database)).toEqual(before)
  })

  test('the same bodies without them are done: it was the field that was refused', async () => {
    const [root] = callers
    const expected: Record<string, number> = {
      'POST /api/roles': 201,
      'POST /api/tokens': 201,
      'POST /api/tenants': 201,
      'POST /api/groups': 201,
      'POST /api/chat': 202,
      'POST /api/sessions': 201,
      'PATCH /api/sessions/:sessionId': 200,
      'POST /api/sessions/bulk': 200,
      'POST /api/sessions/:sessionId/fork': 201,
      'POST /api/sessions/:sessionId/members': 201,
      'POST /api/sessions/:sessionId/share': 201,
      'PATCH /api/sessions/:sessionId/messages/:messageId': 202,
      'POST /api/folders': 201,
      'PATCH /api/folders/:folderId': 200,
      'PATCH /api/settings': 200,
    }
    const done: Record<string, number> = {}
    for (const named of operations.filter(({ name }) => name in expected)) {
      const init = { method: named.method, json: bodies[named.name], headers: root?.auth ?? {} }
      done[named.name] = (await call(`${url}${pathOf(named)}`, init)).status
    }
    expect(done).toEqual(expected)
  })
})
