import { PASSWORD } from '../sign-up.ts'
import type { Rule } from './rules.ts'
import { SESSION_RULES } from './session-rules.ts'

const named = ({ fresh }: { fresh: string }) => ({ name: `Name ${fresh}` })

/** What may not be there for who comes by: health, the document and the ways in. A 400 has come as far as the body. */
const PUBLIC: Rule[] = [
  ...[
    '/health',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/api/openapi.json',
    '/api/docs',
    '/api/docs/start.js',
  ].map((path): Rule => ({ route: `GET ${path}`, access: 'public', ok: 200 })),
  { route: 'GET /api/auth/options', access: 'public', ok: 200 },
  { route: 'POST /api/auth/register', access: 'public', ok: 400, body: () => ({}) },
  { route: 'POST /api/auth/login', access: 'public', ok: 400, body: () => ({}) },
  { route: 'POST /api/auth/refresh', access: 'public', ok: 401, body: () => ({}) },
  { route: 'POST /api/auth/logout', access: 'public', ok: 200, body: () => ({}) },
  { route: 'POST /api/auth/password/forgot', access: 'public', ok: 202, body: () => ({ email: 'who@example.org' }) },
  { route: 'POST /api/auth/password/reset', access: 'public', ok: 400, body: () => ({}) },
  // No provider is set up in the matrix.
  { route: 'POST /api/auth/oidc/start', access: 'public', ok: 404, body: () => ({ transport: 'body' }) },
  { route: 'GET /api/auth/oidc/callback', access: 'public', ok: 404, query: 'state=x&code=y' },
]

const ACCOUNT: Rule[] = [
  { route: 'GET /api/auth/me', access: 'account.read', ok: 200 },
  { route: 'PATCH /api/auth/me', access: 'account.manage', ok: 200, body: () => ({ theme: 'dark' }) },
  { route: 'POST /api/auth/password', access: 'account.manage', ok: 400, body: () => ({}) },
  { route: 'POST /api/auth/mfa/setup', access: 'account.manage', ok: 400, body: () => ({ code: 1 }) },
  { route: 'POST /api/auth/mfa/confirm', access: 'account.manage', ok: 400, body: () => ({}) },
  { route: 'POST /api/auth/mfa/disable', access: 'account.manage', ok: 400, body: () => ({}) },
  { route: 'POST /api/auth/mfa/backup-codes', access: 'account.manage', ok: 400, body: () => ({}) },
  { route: 'POST /api/auth/oidc/link', access: 'account.manage', ok: 404, body: () => ({}) },
  { route: 'POST /api/auth/oidc/unlink', access: 'account.manage', ok: 404, body: () => ({ password: PASSWORD }) },
  { route: 'GET /api/auth/logins', access: 'account.manage', ok: 200 },
  { route: 'DELETE /api/auth/logins/:loginId', access: 'account.manage', thing: 'login', ok: 200 },
  { route: 'GET /api/tokens', access: 'tokens.manage', ok: 200 },
  { route: 'POST /api/tokens', access: 'tokens.manage', ok: 201, body: (c) => ({ ...named(c), scopes: ['read'] }) },
  { route: 'DELETE /api/tokens/:tokenId', access: 'tokens.manage', thing: 'token', ok: 204 },
  { route: 'GET /api/activities', access: 'activities.read', ok: 200 },
  {
    route: 'GET /api/activities # of the tenant',
    access: 'activities.read',
    also: 'audit.read',
    query: 'scope=tenant',
    ok: 200,
  },
  { route: 'GET /api/activities/stats', access: 'activities.read', ok: 200 },
  {
    route: 'GET /api/activities/stats # of the tenant',
    access: 'activities.read',
    also: 'audit.read',
    query: 'scope=tenant',
    ok: 200,
  },
  { route: 'DELETE /api/activities', access: 'account.manage', ok: 200 },
]

const EVENTS = 'GET /api/sessions/:sessionId/events'
const OWNERS_EVENT = { 'last-event-id': '1-1000001' }

const CHAT: Rule[] = [
  { route: 'POST /api/chat', access: 'chat.ask', ok: 202, body: () => ({ message: 'A question of my own' }) },
  {
    route: 'POST /api/chat # in the session of another',
    access: 'chat.ask',
    thing: 'finished session',
    member: 'edit',
    ok: 202,
    body: ({ thing }) => ({ message: 'And then?', sessionId: thing?.params.sessionId }),
  },
  {
    route: 'POST /api/chat # under the message of another',
    access: 'chat.ask',
    thing: 'finished session',
    member: 'edit',
    ok: 202,
    body: ({ thing }) => ({
      message: 'And then?',
      sessionId: thing?.params.sessionId,
      parentId: thing?.params.messageId,
    }),
  },
  { route: 'GET /api/runs/:runId', access: 'chat.read', thing: 'finished run', member: 'view', ok: 200 },
  { route: 'GET /api/runs/:runId # running', access: 'chat.read', thing: 'running run', member: 'view', ok: 200 },
  { route: 'GET /api/runs/:runId # queued', access: 'chat.read', thing: 'queued run', member: 'view', ok: 200 },
  {
    route: 'POST /api/runs/:runId/cancel # finished',
    access: 'chat.ask',
    thing: 'finished run',
    member: 'edit',
    ok: 200,
  },
  { route: 'POST /api/runs/:runId/cancel', access: 'chat.ask', thing: 'queued run', member: 'edit', ok: 200 },
  { route: `${EVENTS} # finished`, access: 'chat.read', thing: 'finished session', member: 'view', ok: 200 },
  { route: `${EVENTS} # running`, access: 'chat.read', thing: 'running session', member: 'view', ok: 200 },
  { route: `${EVENTS} # queued`, access: 'chat.read', thing: 'queued session', member: 'view', ok: 200 },
  {
    route: `${EVENTS} # S1: with the owner's event id`,
    access: 'chat.read',
    thing: 'finished session',
    member: 'view',
    headers: OWNERS_EVENT,
    ok: 200,
  },
  {
    route: `${EVENTS} # S1: running, with the owner's event id`,
    access: 'chat.read',
    thing: 'running session',
    member: 'view',
    headers: OWNERS_EVENT,
    ok: 200,
  },
  {
    route: `${EVENTS} # S1: after the owner's event id`,
    access: 'chat.read',
    thing: 'running session',
    member: 'view',
    query: 'after=1-1000001',
    ok: 200,
  },
  {
    route: 'GET /api/sessions/:sessionId/messages',
    access: 'chat.read',
    thing: 'finished session',
    member: 'view',
    ok: 200,
  },
  { route: 'GET /api/documents', access: 'knowledge.read', ok: 200 },
  { route: 'GET /api/documents/:documentId', access: 'knowledge.read', thing: 'chunk', ok: 200 },
  { route: 'GET /api/documents/:documentId/chunks/:chunkId', access: 'knowledge.read', thing: 'chunk', ok: 200 },
]

const PEOPLE: Rule[] = [
  { route: 'GET /api/users', access: 'users.read', ok: 200 },
  { route: 'GET /api/users/:userId', access: 'users.read', thing: 'user', ok: 200 },
  {
    route: 'PATCH /api/users/:userId',
    access: 'users.manage',
    thing: 'user',
    ok: 200,
    body: () => ({ limits: { requestsPerMinute: 1000 } }),
  },
  { route: 'DELETE /api/users/:userId/logins', access: 'users.manage', thing: 'user', ok: 204 },
  { route: 'GET /api/roles', access: 'users.read', ok: 200 },
  { route: 'GET /api/roles/templates', access: 'users.read', ok: 200 },
  { route: 'POST /api/roles', access: 'roles.manage', ok: 201, body: (c) => ({ ...named(c), permissions: [] }) },
  { route: 'PATCH /api/roles/:roleId', access: 'roles.manage', thing: 'role', ok: 200, body: named },
  { route: 'DELETE /api/roles/:roleId', access: 'roles.manage', thing: 'role', ok: 204 },
  { route: 'GET /api/groups', access: 'users.read', ok: 200 },
  {
    route: 'POST /api/groups # with the role of a tenant',
    access: 'roles.manage',
    ownTenant: true,
    thing: 'role',
    ok: 201,
    body: (c) => ({ ...named(c), roleId: c.thing?.params.roleId }),
  },
  { route: 'PATCH /api/groups/:groupId', access: 'roles.manage', thing: 'group', ok: 200, body: named },
  { route: 'DELETE /api/groups/:groupId', access: 'roles.manage', thing: 'group', ok: 204 },
  { route: 'GET /api/groups/:groupId/members', access: 'users.read', thing: 'group', ok: 200 },
  {
    route: 'POST /api/groups/:groupId/members',
    access: 'users.manage',
    thing: 'group',
    ok: 201,
    body: ({ thing }) => ({ userId: thing?.params.userId }),
  },
  { route: 'DELETE /api/groups/:groupId/members/:userId', access: 'users.manage', thing: 'member', ok: 204 },
  { route: 'GET /api/invitations', access: 'invitations.manage', ok: 200 },
  { route: 'POST /api/invitations', access: 'invitations.manage', ok: 201, body: () => ({}) },
  {
    route: 'POST /api/invitations # into a role of a tenant',
    access: 'invitations.manage',
    thing: 'role',
    ok: 201,
    body: ({ thing }) => ({ roleId: thing?.params.roleId, tenantId: thing?.tenantId }),
  },
  { route: 'DELETE /api/invitations/:invitationId', access: 'invitations.manage', thing: 'invitation', ok: 204 },
  { route: 'GET /api/settings', access: 'users.manage', ok: 200 },
  { route: 'PATCH /api/settings', access: 'users.manage', ok: 200, body: () => ({ retentionDays: 3000 }) },
  { route: 'GET /api/audit/verify', access: 'audit.read', ok: 200 },
  { route: 'GET /api/tenants', access: 'installation.tenants', ok: 200 },
  { route: 'POST /api/tenants', access: 'installation.tenants', ok: 201, body: named },
  { route: 'PATCH /api/tenants/:tenantId', access: 'installation.tenants', thing: 'tenant', ok: 200, body: named },
  { route: 'GET /api/dead-letters', access: 'installation.operate', ok: 200 },
  { route: 'GET /api/dead-letters/:letterId', access: 'installation.operate', thing: 'dead letter', ok: 200 },
  { route: 'POST /api/dead-letters/:letterId/replay', access: 'installation.operate', thing: 'dead letter', ok: 400 },
]

/** Comes last: who may, stops what the other rows need to be running. */
const STOP: Rule[] = [
  {
    route: 'POST /api/runs/:runId/cancel # running',
    access: 'chat.ask',
    thing: 'running run',
    member: 'edit',
    ok: 200,
  },
]

/** A row for every route and every way of calling it that matters. A route without one fails the suite. */
export const ACCESS_TABLE: readonly Rule[] = [...PUBLIC, ...ACCOUNT, ...CHAT, ...SESSION_RULES, ...PEOPLE, ...STOP]
