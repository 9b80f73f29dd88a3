import {
  type CreatedInvitation,
  type CreatedToken,
  limitToScopes,
  type Page,
  type Permission,
  permissionsOf,
  ROLE_TEMPLATES,
  type RoleView,
  type TenantView,
  TOKEN_SCOPES,
  type TokenScope,
} from '@askwire/contracts'
import { call } from '../client.ts'
import { type Person, signUp } from '../sign-up.ts'

/** Somebody, or something, that calls a route. `userId` is null for who is not known. */
export type Caller = {
  name: string
  headers: Record<string, string>
  permissions: ReadonlySet<Permission>
  userId: string | null
  tenantId: string | null
  owner: boolean
}

/** Everyone there is in the matrix. */
export type Cast = {
  /** Whose things they are: a user of the default tenant, and one of another. */
  alice: Person
  carol: Person
  /** The owner of the installation, who made the rest. */
  root: Person
  /** Admins of the default tenant and of the other. */
  erin: Person
  dave: Person
  otherTenantId: string
  /** Colleagues of alice, to whom her sessions are open. */
  viewer: Person
  editor: Person
  /** A colleague to whom nothing of hers is open. */
  bob: Person
  callers: Caller[]
}

/** A request that must succeed, as somebody. */
export async function must<T>(person: Person, method: string, address: string, json?: unknown): Promise<T> {
  const answer = await call<T>(address, { method, headers: person.auth, ...(json !== undefined && { json }) })
  if (answer.status >= 300) throw new Error(`${method} ${address}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** The secret in an invitation's link. */
export const secretOf = (link: string): string => link.split('/').at(-1)?.split(/[?#=]/).at(-1) ?? ''

/** Makes the accounts, roles and tokens of the matrix; `root` has made the first account. */
export async function makeCast(url: string, root: Person): Promise<Cast> {
  const invite = async (by: Person, name: string, roleId: string, tenantId?: string): Promise<Person> => {
    const invitation = await must<CreatedInvitation>(by, 'POST', `${url}/api/invitations`, {
      roleId,
      ...(tenantId !== undefined && { tenantId }),
    })
    return await signUp(url, `${name}@example.org`, secretOf(invitation.url))
  }
  const rolesOf = async (person: Person, tenantId: string): Promise<RoleView[]> =>
    (await must<Page<RoleView>>(person, 'GET', `${url}/api/roles?limit=100&tenantId=${tenantId}`)).items
  const builtIn = (roles: RoleView[], kind: 'admin' | 'user'): string =>
    roles.find((role) => role.builtIn === kind)?.id ?? ''

  const roles = await rolesOf(root, root.user.tenantId)
  const alice = await signUp(url, 'alice@example.org')
  const bob = await signUp(url, 'bob@example.org')
  const viewer = await signUp(url, 'viewer@example.org')
  const editor = await signUp(url, 'editor@example.org')
  const erin = await invite(root, 'erin', builtIn(roles, 'admin'))
  const other = await must<TenantView>(root, 'POST', `${url}/api/tenants`, { name: 'Other' })
  const otherRoles = await rolesOf(root, other.id)
  const dave = await invite(root, 'dave', builtIn(otherRoles, 'admin'), other.id)
  const carol = await invite(dave, 'carol', builtIn(otherRoles, 'user'))

  const people: [string, Person, readonly Permission[] | 'admin' | 'user'][] = [
    ['the owner of the thing', alice, 'user'],
    ['another user of the tenant', bob, 'user'],
    ['a colleague who may view it', viewer, 'user'],
    ['a colleague who may edit it', editor, 'user'],
    ['a user of another tenant', carol, 'user'],
    ['the admin of the tenant', erin, 'admin'],
    ['the admin of another tenant', dave, 'admin'],
    ['the owner of the installation', root, 'admin'],
  ]
  for (const { key, permissions } of [...ROLE_TEMPLATES, { key: 'nothing', permissions: [] }]) {
    const role = await must<RoleView>(erin, 'POST', `${url}/api/roles`, { name: `Custom ${key}`, permissions })
    people.push([`custom role: ${key}`, await invite(erin, key, role.id), permissions])
  }
  const callers: Caller[] = [NOBODY_KNOWN, ...people.map(([name, person, role]) => personCaller(name, person, role))]
  for (const [name, person] of [
    ['of the owner of the thing', alice],
    ['of the admin of the tenant', erin],
    ['of the owner of the installation', root],
  ] as const)
    for (const scope of TOKEN_SCOPES) callers.push(await tokenCaller(url, name, person, scope))
  return { alice, carol, root, erin, dave, otherTenantId: other.id, viewer, editor, bob, callers }
}

const NOBODY_KNOWN: Caller = {
  name: 'nobody',
  headers: { authorization: '' },
  permissions: new Set(),
  userId: null,
  tenantId: null,
  owner: false,
}

function personCaller(name: string, person: Person, role: readonly Permission[] | 'admin' | 'user'): Caller {
  const { id, tenantId, owner } = person.user
  const builtIn = role === 'admin' || role === 'user' ? role : null
  const roles = [{ builtIn, permissions: builtIn === null ? (role as readonly Permission[]) : [] }]
  return { name, headers: person.auth, permissions: permissionsOf({ owner, roles }), userId: id, tenantId, owner }
}

async function tokenCaller(url: string, name: string, person: Person, scope: TokenScope): Promise<Caller> {
  const { token } = await must<CreatedToken>(person, 'POST', `${url}/api/tokens`, { name: scope, scopes: [scope] })
  const whole = new Set(person.user.permissions)
  return {
    ...personCaller(`token '${scope}' ${name}`, person, 'user'),
    headers: { 'x-api-key': token },
    permissions: limitToScopes(whole, [scope]),
  }
}
