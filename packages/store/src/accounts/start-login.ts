import type { RequestFacts } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { BUILT_IN_OWNER } from '../built-in-owner.ts'
import type { Store } from '../store.ts'
import { confirmChecked, type Factor } from './factors.ts'
import type { Account } from './find-account.ts'
import { insertLogin, type NewLogin } from './insert-login.ts'

/**
 * Begins a login of an account whose password, and factor if it has one, were found right. Gives the login's id; undefined when the
 * account has changed since it was read, or the factor was used already.
 */
export async function startLogin(
  store: Store,
  account: Pick<Account, 'tenantId' | 'userId' | 'passwordHash'>,
  factor: Factor | undefined,
  login: NewLogin,
): Promise<string | undefined> {
  const scope = { tenantId: account.tenantId, userId: account.userId }
  return await store.db.transaction().execute(async (trx) => {
    if (!(await confirmChecked(trx, scope, { passwordHash: account.passwordHash, factor }))) return undefined
    return await insertLogin(trx, scope, login)
  })
}

/** Records that somebody did not get in. For an address that nobody has it is kept with the default tenant: the same work either way. */
export async function recordLoginFailure(
  store: Store,
  account: Pick<Account, 'tenantId' | 'userId'> | undefined,
  reason: 'password' | 'factor' | 'disabled' | 'oidc',
  facts: RequestFacts,
): Promise<void> {
  const tenantId = account?.tenantId ?? BUILT_IN_OWNER.tenantId
  await recordActivity(
    store.db,
    { tenantId, userId: null, ...facts },
    { action: 'login.failure', targetType: 'user', targetId: account?.userId ?? null, after: { reason } },
  )
}
