import type { Rule } from './rules.ts'

const named = ({ fresh }: { fresh: string }) => ({ name: `Name ${fresh}` })
const nothing = () => ({})

const SESSIONS = '/api/sessions'
const SESSION = '/api/sessions/:sessionId'
const MESSAGE = `${SESSION}/messages/:messageId`

const ONE: Rule[] = [
  { route: `GET ${SESSIONS}`, access: 'chat.read', ok: 200 },
  { route: `GET ${SESSIONS} # in the trash`, access: 'chat.read', query: 'trash=true', ok: 200 },
  { route: `GET ${SESSIONS} # of colleagues`, access: 'chat.read', member: 'view', query: 'shared=true', ok: 200 },
  { route: `POST ${SESSIONS}`, access: 'chat.ask', ok: 201, body: nothing },
  {
    route: `POST ${SESSIONS} # into the folder of another`,
    access: 'chat.ask',
    thing: 'folder',
    ok: 201,
    body: ({ thing }) => ({ folderId: thing?.params.folderId }),
  },
  { route: `GET ${SESSION}`, access: 'chat.read', thing: 'session', member: 'view', ok: 200 },
  { route: `GET ${SESSION} # open to nobody`, access: 'chat.read', thing: 'private session', member: 'view', ok: 200 },
  { route: `GET ${SESSION} # in the trash`, access: 'chat.read', thing: 'deleted session', ok: 200 },
  {
    route: `PATCH ${SESSION}`,
    access: 'chat.ask',
    thing: 'session',
    ok: 200,
    body: () => ({ title: 'Another', draft: 'And', pinned: true, tags: ['new'], read: true }),
  },
  { route: `DELETE ${SESSION}`, access: 'chat.ask', thing: 'session', ok: 204 },
  { route: `POST ${SESSION}/restore`, access: 'chat.ask', thing: 'deleted session', ok: 200 },
  ...(['pin', 'read', 'delete', 'tag', 'move'] as const).map(
    (action): Rule => ({
      route: `POST ${SESSIONS}/bulk # ${action}`,
      access: 'chat.ask',
      thing: 'session',
      ok: 200,
      body: ({ thing }) => ({
        action,
        ids: [thing?.params.sessionId],
        ...(action === 'tag' && { tag: 'new' }),
        ...(action === 'move' && { folderId: null }),
      }),
    }),
  ),
  {
    route: `POST ${SESSIONS}/bulk # restore`,
    access: 'chat.ask',
    thing: 'deleted session',
    ok: 200,
    body: ({ thing }) => ({ action: 'restore', ids: [thing?.params.sessionId] }),
  },
  { route: `GET ${SESSION}/export`, access: 'chat.read', thing: 'session', query: 'format=json', ok: 200 },
]

const TREE: Rule[] = [
  {
    route: `GET ${SESSION}/messages # a branch of a session that is open to nobody`,
    access: 'chat.read',
    thing: 'private session',
    member: 'view',
    query: 'branch=:answerId',
    ok: 200,
  },
  {
    route: `PATCH ${MESSAGE}`,
    access: 'chat.ask',
    thing: 'question',
    member: 'edit',
    ok: 202,
    body: () => ({ content: 'Or rather?' }),
  },
  { route: `DELETE ${MESSAGE}`, access: 'chat.ask', thing: 'question', ok: 200 },
  { route: `POST ${MESSAGE}/regenerate`, access: 'chat.ask', thing: 'answer', member: 'edit', ok: 202, body: nothing },
  { route: `POST ${MESSAGE}/continue`, access: 'chat.ask', thing: 'answer', member: 'edit', ok: 202, body: nothing },
  {
    route: `POST ${MESSAGE}/feedback`,
    access: 'chat.ask',
    thing: 'answer',
    ok: 200,
    body: () => ({ rating: 'up', comment: 'Good.' }),
  },
  { route: `DELETE ${MESSAGE}/feedback`, access: 'chat.ask', thing: 'answer', ok: 204 },
  { route: 'GET /api/feedback/stats', access: 'chat.read', ok: 200 },
  {
    route: 'GET /api/feedback/stats # of the tenant',
    access: 'chat.read',
    also: 'audit.read',
    query: 'scope=tenant',
    ok: 200,
  },
  { route: `GET ${SESSION}/queue`, access: 'chat.read', thing: 'waiting run', member: 'view', ok: 200 },
  {
    route: `PATCH ${SESSION}/queue`,
    access: 'chat.ask',
    thing: 'waiting run',
    member: 'edit',
    ok: 200,
    body: ({ thing }) => ({ runIds: [thing?.params.runId] }),
  },
  {
    route: `PATCH ${SESSION}/queue/:runId`,
    access: 'chat.ask',
    thing: 'waiting run',
    member: 'edit',
    ok: 200,
    body: () => ({ message: 'Or rather?' }),
  },
  { route: `DELETE ${SESSION}/queue/:runId`, access: 'chat.ask', thing: 'waiting run', member: 'edit', ok: 200 },
]

const SHARING: Rule[] = [
  {
    route: `POST ${SESSION}/fork`,
    access: 'chat.ask',
    thing: 'answer',
    member: 'view',
    ok: 201,
    body: ({ thing }) => ({ messageId: thing?.params.messageId }),
  },
  { route: `GET ${SESSION}/members`, access: 'chat.read', thing: 'session', ok: 200 },
  {
    route: `POST ${SESSION}/members`,
    access: 'chat.ask',
    thing: 'session',
    ok: 201,
    body: ({ thing }) => ({ userId: thing?.params.userId, access: 'edit' }),
  },
  { route: `DELETE ${SESSION}/members/:userId`, access: 'chat.ask', thing: 'session member', ok: 204 },
  {
    route: `POST ${SESSION}/leave`,
    access: 'account.manage',
    thing: 'session',
    member: 'view',
    notOwner: true,
    ok: 204,
  },
  { route: `POST ${SESSION}/share`, access: 'chat.ask', thing: 'session', ok: 201, body: nothing },
  { route: `DELETE ${SESSION}/share`, access: 'chat.ask', thing: 'share', ok: 204 },
  { route: 'GET /api/shares', access: 'chat.read', ok: 200 },
  { route: 'DELETE /api/shares/:shareId', access: 'chat.ask', thing: 'share', ok: 204 },
  { route: 'GET /api/shared/:key', access: 'public', thing: 'share key', ok: 200 },
  { route: 'POST /api/shared/:key', access: 'public', thing: 'share key', ok: 200, body: nothing },
  { route: 'POST /api/shared/:key/copy', access: 'chat.ask', thing: 'share key', ok: 201, body: nothing },
]

const FOLDERS: Rule[] = [
  { route: 'GET /api/folders', access: 'chat.read', ok: 200 },
  { route: 'POST /api/folders', access: 'chat.ask', ok: 201, body: named },
  { route: 'PATCH /api/folders/:folderId', access: 'chat.ask', thing: 'folder', ok: 200, body: named },
  { route: 'DELETE /api/folders/:folderId', access: 'chat.ask', thing: 'folder', ok: 204 },
  { route: 'GET /api/tags', access: 'chat.read', ok: 200 },
  { route: 'GET /api/search', access: 'chat.read', query: 'q=secret', ok: 200 },
  { route: 'GET /api/notices', access: 'chat.read', ok: 200 },
]

const JOBS: Rule[] = [
  { route: 'GET /api/jobs', access: 'chat.read', ok: 200 },
  { route: 'GET /api/jobs/:jobId', access: 'chat.read', thing: 'archive', ok: 200 },
  // It has ended, and stays as it ended.
  { route: 'DELETE /api/jobs/:jobId', access: 'chat.ask', thing: 'archive', ok: 200 },
  { route: 'POST /api/export', access: 'chat.read', ok: 202 },
  { route: 'GET /api/export', access: 'chat.read', ok: 200 },
  { route: 'GET /api/export/:jobId/download', access: 'chat.read', thing: 'archive', ok: 200 },
  { route: 'POST /api/import', access: 'chat.ask', ok: 202, body: () => [] },
  // A 400 has come as far as the body, and erases nobody.
  { route: 'POST /api/auth/me/erase', access: 'account.manage', ok: 400, body: () => ({ code: 1 }) },
]

/** Comes last: archives that hold the session go with it. */
const ERASE: Rule[] = [{ route: `POST ${SESSION}/erase`, access: 'chat.ask', thing: 'session', ok: 202 }]

/**
 * The rows of sessions and all that belongs to them. Archives are made while there is little to be put into them, and searches come before forks, by
 * which colleagues have a copy of their own to find.
 */
export const SESSION_RULES: readonly Rule[] = [...JOBS, ...FOLDERS, ...ONE, ...TREE, ...SHARING, ...ERASE]
