import { BUILT_IN_ROLE_PERMISSIONS, type Permission, permissionsOf } from '@askwire/contracts'
import { BUILT_IN_OWNER, hasAccounts, type Store } from '@askwire/store'
import type { KnownPerson } from './known-person.ts'

/** Whether there is an account yet, and whether everything works without one until then. */
export type Trial = {
  /** Reads whether there are accounts; true once there is one, for ever. */
  hasAccounts(): Promise<boolean>
  /** True while requests without a credential act as the built-in owner. */
  active(): boolean
  start(): Promise<void>
}

/** What one can do in the trial: ask and read. Accounts, tokens and people begin with the first account. */
const PERMISSIONS: ReadonlySet<Permission> = new Set([
  ...BUILT_IN_ROLE_PERMISSIONS.user.filter((one) => one !== 'tokens.manage'),
  ...([...permissionsOf({ owner: true, roles: [] })] as const).filter((one) =>
    ['account.read', 'activities.read', 'users.read', 'audit.read', 'installation.operate'].includes(one),
  ),
])

/** Who acts in the trial. */
export const TRIAL_PERSON: KnownPerson = {
  ...BUILT_IN_OWNER,
  permissions: PERMISSIONS,
  owner: true,
  loginId: null,
  tokenId: null,
  limits: { maxUnfinishedRuns: null, requestsPerMinute: null },
  allowedAddresses: [],
}

/** `offered` only where one process serves one person: the standalone on a loopback address. */
export function createTrial(store: Store, offered: boolean): Trial {
  // Until it is known, there is none.
  let accounts = true
  let known = false
  const read = async (): Promise<boolean> => {
    if (known && accounts) return true
    accounts = await hasAccounts(store.db)
    known = true
    return accounts
  }
  return { hasAccounts: read, active: () => offered && !accounts, start: async () => void (await read()) }
}
