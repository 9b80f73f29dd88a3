import type { Permission } from '@askwire/contracts'

/** The sections of the account page, in their order. */
export const ACCOUNT_SECTIONS = ['profile', 'security', 'logins', 'tokens', 'activities'] as const
export type AccountSection = (typeof ACCOUNT_SECTIONS)[number]

/** The sections of the administration, in their order, and the permission that seeing each takes; changing may take another. */
export const ADMIN_PERMISSIONS = {
  people: 'users.read',
  roles: 'users.read',
  groups: 'users.read',
  invitations: 'invitations.manage',
  tenants: 'installation.tenants',
  activities: 'audit.read',
  audit: 'audit.read',
} as const satisfies Record<string, Permission>
export type AdminSection = keyof typeof ADMIN_PERMISSIONS

export type Route =
  | { page: 'chat' }
  | { page: 'signin' | 'signup' | 'forgot' }
  | { page: 'invite' | 'reset'; secret: string }
  | { page: 'account'; section: AccountSection }
  | { page: 'admin'; section: AdminSection | undefined }

/** The page an address shows. What is not known is the chat. */
export function routeOf(path: string): Route {
  const [, page = '', rest = ''] = /^\/([a-z]*)(?:\/([^/]*))?\/?$/.exec(path) ?? []
  switch (page) {
    case 'signin':
    case 'signup':
    case 'forgot':
      return { page }
    case 'invite':
    case 'reset':
      return { page, secret: rest }
    case 'account':
      return { page, section: ACCOUNT_SECTIONS.find((section) => section === rest) ?? 'profile' }
    case 'admin':
      return { page, section: isAdminSection(rest) ? rest : undefined }
    default:
      return { page: 'chat' }
  }
}

/** The sections of the account page that someone with these permissions can use. A trial has no account to speak of. */
export function accountSections(me: { permissions: readonly Permission[] }): AccountSection[] {
  return ACCOUNT_SECTIONS.filter((section) => section !== 'tokens' || me.permissions.includes('tokens.manage'))
}

/** The sections of the administration that someone with these permissions can use. */
export function adminSections(me: { permissions: readonly Permission[] }): AdminSection[] {
  return Object.keys(ADMIN_PERMISSIONS)
    .filter(isAdminSection)
    .filter((section) => me.permissions.includes(ADMIN_PERMISSIONS[section]))
}

const isAdminSection = (name: string): name is AdminSection => Object.hasOwn(ADMIN_PERMISSIONS, name)
