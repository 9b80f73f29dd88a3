import type { Permission } from '@askwire/contracts'

/** The sections of the account page, in their order. */
export const ACCOUNT_SECTIONS = ['profile', 'security', 'logins', 'tokens', 'shares', 'data', 'activities'] as const
export type AccountSection = (typeof ACCOUNT_SECTIONS)[number]

/** The sections of the administration, in their order, and the permission that seeing each takes; changing may take another. */
export const ADMIN_PERMISSIONS = {
  people: 'users.read',
  roles: 'users.read',
  groups: 'users.read',
  invitations: 'invitations.manage',
  tenants: 'installation.tenants',
  settings: 'users.manage',
  feedback: 'audit.read',
  activities: 'audit.read',
  audit: 'audit.read',
} as const satisfies Record<string, Permission>
export type AdminSection = keyof typeof ADMIN_PERMISSIONS

export type Route =
  | { page: 'chat' }
  | { page: 'signin' | 'forgot' }
  | { page: 'register'; invitation: string | undefined }
  | { page: 'reset'; token: string }
  | { page: 'account'; section: AccountSection }
  | { page: 'admin'; section: AdminSection | undefined }
  | { page: 'shared'; key: string }

/**
 * The page an address (path and fragment) shows. What is not known is the chat. Secrets of links stand in the fragment, which a
 * browser keeps to itself: no server and no log sees them.
 */
export function routeOf(address: string): Route {
  const [path = '', fragment = ''] = address.split('#')
  const [, page = '', rest = ''] = /^\/([a-z-]*)(?:\/([^/]*))?\/?$/.exec(path) ?? []
  const handed = new URLSearchParams(fragment)
  switch (page) {
    case 'signin':
    case 'forgot':
      return { page }
    case 'register':
      return { page, invitation: handed.get('invitation') ?? undefined }
    case 'reset-password':
      return { page: 'reset', token: handed.get('token') ?? '' }
    case 'account':
      return { page, section: ACCOUNT_SECTIONS.find((section) => section === rest) ?? 'profile' }
    case 'admin':
      return { page, section: isAdminSection(rest) ? rest : undefined }
    case 's':
      return rest === '' ? { page: 'chat' } : { page: 'shared', key: rest }
    default:
      return { page: 'chat' }
  }
}

/** The permission that a section of the account page takes, where that is more than to be signed in. */
const ACCOUNT_PERMISSIONS: Partial<Record<AccountSection, Permission>> = {
  tokens: 'tokens.manage',
  shares: 'chat.read',
  data: 'chat.read',
}
/** What there is for somebody who has no account: sessions, and so what is done with them. */
const TRIAL_SECTIONS: ReadonlySet<AccountSection> = new Set(['shares', 'data'])

/** The sections of the account page that someone with these permissions can use. */
export function accountSections(me: { permissions: readonly Permission[]; trial?: boolean }): AccountSection[] {
  return ACCOUNT_SECTIONS.filter((section) => {
    const needed = ACCOUNT_PERMISSIONS[section]
    return (needed === undefined || me.permissions.includes(needed)) && (!me.trial || TRIAL_SECTIONS.has(section))
  })
}

/** The sections of the administration that someone with these permissions can use. */
export function adminSections(me: { permissions: readonly Permission[] }): AdminSection[] {
  return Object.keys(ADMIN_PERMISSIONS)
    .filter(isAdminSection)
    .filter((section) => me.permissions.includes(ADMIN_PERMISSIONS[section]))
}

const isAdminSection = (name: string): name is AdminSection => Object.hasOwn(ADMIN_PERMISSIONS, name)
