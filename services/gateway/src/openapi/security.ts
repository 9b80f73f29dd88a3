import { type Permission, SCOPE_PERMISSIONS, TOKEN_SCOPES } from '@askwire/contracts'

type Json = Record<string, unknown>

/** How a caller may say who they are. An API token goes by `bearer` or `apiKey`, a signed-in person by `bearer` or `cookie`. */
export const SECURITY_SCHEMES: Record<string, Json> = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'The access token of a sign-in (a JWT), or an API token (`sk-…`).',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API token (`sk-…`).' },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'askwire_access',
    description: 'The access token of a page that signed in with `transport: cookie`.',
  },
}

/** What an operation says of its access: one of the schemes, the permission it takes, and the token scopes that reach it. */
export function accessOf(access: 'public' | Permission): Json {
  if (access === 'public') return { description: 'For anyone.', security: [] }
  const scopes = TOKEN_SCOPES.filter((scope) => SCOPE_PERMISSIONS[scope].includes(access))
  const schemes = scopes.length > 0 ? ['bearer', 'apiKey', 'cookie'] : ['bearer', 'cookie']
  const tokens = scopes.length > 0 ? `an API token needs the scope ${list(scopes)}` : 'no API token may do it'
  return {
    description: `Takes the permission \`${access}\`; ${tokens}.`,
    security: schemes.map((scheme) => ({ [scheme]: [] })),
    'x-permission': access,
    'x-token-scopes': scopes,
  }
}

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' or ')

const failed = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
})

/** Every way an operation may fail, once. */
export const FAILURES: Record<string, Json> = {
  Invalid: failed('The request is not valid; `details` names each problem.'),
  Unauthenticated: failed('Nobody is known by these credentials, or they have ended.'),
  Forbidden: failed('The caller may not do this.'),
  NotFound: failed('There is nothing by this id that the caller can see.'),
  RateLimited: failed('Too many requests; `Retry-After` says when to come back.'),
  Refused: failed('The request is refused, in the one shape all errors have.'),
  Failed: failed('The server could not do it, in the one shape all errors have.'),
}

/** The failures of an operation by status. */
export function failuresOf(route: { access: string; params?: unknown; query?: unknown; body?: unknown }): Json {
  const ref = (name: string): Json => ({ $ref: `#/components/responses/${name}` })
  return {
    ...((route.query !== undefined || route.body !== undefined) && { 400: ref('Invalid') }),
    ...(route.access !== 'public' && { 401: ref('Unauthenticated'), 403: ref('Forbidden') }),
    ...(route.params !== undefined && { 404: ref('NotFound') }),
    429: ref('RateLimited'),
    '4XX': ref('Refused'),
    '5XX': ref('Failed'),
  }
}
