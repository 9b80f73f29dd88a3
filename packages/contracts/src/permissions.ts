import { z } from 'zod'

/**
 * Everything a person or a token may be allowed to do. Closed: each route names one of these, and what nobody has given is denied.
 * `installation.*` reaches beyond one tenant and belongs to owners of the installation alone.
 */
export const PERMISSIONS = [
  'account.read',
  'account.manage',
  'tokens.manage',
  'chat.ask',
  'chat.read',
  'knowledge.read',
  'knowledge.write',
  'activities.read',
  'users.read',
  'users.manage',
  'roles.manage',
  'invitations.manage',
  'audit.read',
  'installation.tenants',
  'installation.operate',
] as const
export const permission = z.enum(PERMISSIONS)
export type Permission = (typeof PERMISSIONS)[number]

/** What an owner of the installation has beyond an admin; no role can grant these. */
const OWNER_ONLY: ReadonlySet<Permission> = new Set(['installation.tenants', 'installation.operate'])

/** What everyone who is signed in has, whatever the role. */
const EVERYONE: readonly Permission[] = ['account.read', 'account.manage', 'activities.read']

/** Permissions that a custom role may hold. */
export const GRANTABLE = PERMISSIONS.filter((one) => !OWNER_ONLY.has(one) && !EVERYONE.includes(one))
export const grantable = z.enum(GRANTABLE as [Permission, ...Permission[]])

const USER: readonly Permission[] = ['tokens.manage', 'chat.ask', 'chat.read', 'knowledge.read', 'knowledge.write']

/** The two roles every tenant has; what they hold follows the code, not the database. */
export const BUILT_IN_ROLES = ['admin', 'user'] as const
export type BuiltInRole = (typeof BUILT_IN_ROLES)[number]
export const BUILT_IN_ROLE_PERMISSIONS: Record<BuiltInRole, readonly Permission[]> = { admin: GRANTABLE, user: USER }

/** Sets of permissions to begin a custom role with. */
export const ROLE_TEMPLATES = [
  { key: 'reader', name: 'Reader', permissions: ['chat.read', 'knowledge.read'] },
  { key: 'asker', name: 'Asker', permissions: ['chat.ask', 'chat.read', 'knowledge.read'] },
  { key: 'librarian', name: 'Librarian', permissions: [...USER] },
  { key: 'people', name: 'People', permissions: [...USER, 'users.read', 'users.manage', 'invitations.manage'] },
  { key: 'auditor', name: 'Auditor', permissions: ['users.read', 'audit.read'] },
] as const satisfies readonly { key: string; name: string; permissions: readonly Permission[] }[]

/** What an API token may be limited to. A token never has more than its user. */
export const TOKEN_SCOPES = ['chat', 'read', 'knowledge', 'admin'] as const
export const tokenScope = z.enum(TOKEN_SCOPES)
export type TokenScope = (typeof TOKEN_SCOPES)[number]

/** No scope reaches `account.manage` or `tokens.manage`: a token can neither change its account nor make or end tokens. */
export const SCOPE_PERMISSIONS: Record<TokenScope, readonly Permission[]> = {
  chat: ['account.read', 'chat.ask', 'chat.read', 'knowledge.read'],
  read: ['account.read', 'chat.read', 'knowledge.read', 'activities.read'],
  knowledge: ['account.read', 'knowledge.read', 'knowledge.write'],
  admin: [
    'account.read',
    'users.read',
    'users.manage',
    'roles.manage',
    'invitations.manage',
    'audit.read',
    'installation.tenants',
    'installation.operate',
  ],
}

/** The permissions of a person: of the role, of every group's role, and of the owner's mark. Unknown names grant nothing. */
export function permissionsOf(person: {
  owner: boolean
  roles: readonly { builtIn: BuiltInRole | null; permissions: readonly string[] }[]
}): ReadonlySet<Permission> {
  const granted = new Set<Permission>(EVERYONE)
  for (const role of person.roles) {
    const names = role.builtIn ? BUILT_IN_ROLE_PERMISSIONS[role.builtIn] : role.permissions
    for (const name of names) {
      const known = grantable.safeParse(name)
      if (known.success) granted.add(known.data)
    }
  }
  if (person.owner) for (const one of PERMISSIONS) granted.add(one)
  return granted
}

/** What is left of `permissions` for a token with these scopes. */
export function limitToScopes(
  permissions: ReadonlySet<Permission>,
  scopes: readonly TokenScope[],
): ReadonlySet<Permission> {
  const reach = new Set(scopes.flatMap((scope) => SCOPE_PERMISSIONS[scope]))
  return new Set([...permissions].filter((one) => reach.has(one)))
}
