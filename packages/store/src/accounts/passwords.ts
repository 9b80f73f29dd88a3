import type { Actor, RequestFacts, Scope } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { clock, clockPlus } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { type CheckedPerson, confirmChecked } from './factors.ts'
import { findAccount } from './find-account.ts'
import { endLoginsOf } from './logins.ts'

/** How long the link of a forgotten password works. */
export const RESET_LIFE_MS = 15 * 60_000

/** Sets a new password after the old one (and a factor, if there is one) was found right; ends all other logins. False: see `startLogin`. */
export async function changePassword(
  store: Store,
  actor: Actor,
  checked: CheckedPerson,
  change: { passwordHash: string; keepLoginId: string | null },
): Promise<boolean> {
  return await store.db.transaction().execute(async (db) => {
    if (!(await confirmChecked(db, actor, checked))) return false
    const endedLogins = await setPassword(db, actor, change.passwordHash, change.keepLoginId)
    await recordActivity(db, actor, {
      action: 'account.password_change',
      targetType: 'user',
      targetId: actor.userId,
      after: { endedLogins },
    })
    return true
  })
}

/** Begins the reset of a forgotten password. Undefined when nobody who could sign in has this address. */
export async function startReset(
  store: Store,
  email: string,
  hash: Buffer,
  facts: RequestFacts,
): Promise<{ email: string } | undefined> {
  const account = await findAccount(store, email)
  if (!account || account.disabled) return undefined
  const scope = { tenantId: account.tenantId, userId: account.userId }
  await store.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('passwordResets')
      .values({ ...scope, hash, expiresAt: clockPlus(RESET_LIFE_MS) })
      .execute()
    await recordActivity(
      trx,
      { ...scope, ...facts },
      { action: 'account.password_forgot', targetType: 'user', targetId: scope.userId },
    )
  })
  return { email: account.email }
}

/** Sets the password by the secret of a link, once; ends all logins. Undefined when the link does not work (any more). */
export async function resetPassword(
  store: Store,
  reset: { hash: Buffer; passwordHash: string },
  facts: RequestFacts,
): Promise<Scope | undefined> {
  return await store.db.transaction().execute(async (trx) => {
    const used = await trx
      .updateTable('passwordResets')
      .set({ usedAt: clock })
      .where('hash', '=', reset.hash)
      .where('usedAt', 'is', null)
      .where('expiresAt', '>', clock)
      .returning(['tenantId', 'userId'])
      .executeTakeFirst()
    if (!used) return undefined
    await resetIn(trx, used, reset.passwordHash, facts)
    return used
  })
}

/** What an operator does for who cannot sign in: a new password, all logins ended, the second factor taken away if asked. */
export async function resetByOperator(
  store: Store,
  email: string,
  change: { passwordHash: string; dropFactor: boolean },
  facts: RequestFacts,
): Promise<Scope | undefined> {
  const account = await findAccount(store, email)
  if (!account) return undefined
  const scope = { tenantId: account.tenantId, userId: account.userId }
  await store.db.transaction().execute(async (trx) => {
    await resetIn(trx, scope, change.passwordHash, facts)
    if (!change.dropFactor) return
    await dropFactor(trx, scope)
    await recordActivity(
      trx,
      { ...scope, ...facts },
      { action: 'account.mfa_disable', targetType: 'user', targetId: scope.userId },
    )
  })
  return scope
}

/** Takes the second factor and its backup codes from an account, in the caller's transaction. */
export async function dropFactor(db: Queryable, scope: Scope): Promise<void> {
  await db
    .updateTable('users')
    .set({ totpSecret: null, totpEnabledAt: null, totpLastStep: null })
    .where('tenantId', '=', scope.tenantId)
    .where('id', '=', scope.userId)
    .execute()
  await db.deleteFrom('backupCodes').where('userId', '=', scope.userId).execute()
  await db.deleteFrom('totpEnrolments').where('userId', '=', scope.userId).execute()
}

async function resetIn(trx: Queryable, scope: Scope, passwordHash: string, facts: RequestFacts): Promise<void> {
  const endedLogins = await setPassword(trx, scope, passwordHash, null)
  await recordActivity(
    trx,
    { ...scope, ...facts },
    { action: 'account.password_reset', targetType: 'user', targetId: scope.userId, after: { endedLogins } },
  )
}

/** Sets it, or takes it away, in the caller's transaction; links that were sent before and all logins but one end. Gives how many logins. */
export async function setPassword(
  db: Queryable,
  scope: Scope,
  passwordHash: string | null,
  keepLoginId: string | null,
): Promise<number> {
  await db
    .updateTable('users')
    .set({ passwordHash })
    .where('tenantId', '=', scope.tenantId)
    .where('id', '=', scope.userId)
    .execute()
  await db
    .updateTable('passwordResets')
    .set({ usedAt: clock })
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('usedAt', 'is', null)
    .execute()
  return await endLoginsOf(db, scope, keepLoginId)
}
