import type { Actor, Scope } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import { clock, clockPlus } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { type CheckedPerson, confirmChecked } from './factors.ts'
import { dropFactor } from './passwords.ts'

// Secrets of accounts are beyond the role that the row policies bind: these act as the system, each under its own conditions.

/** How long an enrolment waits for its first code. */
const ENROLMENT_LIFE_MS = 10 * 60_000

/** Begins an enrolment in place of any earlier one. Nothing is in force until it is confirmed. False: what was checked does not hold. */
export async function startEnrolment(
  store: Store,
  scope: Scope,
  checked: CheckedPerson,
  sealedSecret: Buffer,
): Promise<boolean> {
  return await store.db.transaction().execute(async (db) => {
    if (!(await confirmChecked(db, scope, checked))) return false
    const expiresAt = clockPlus(ENROLMENT_LIFE_MS)
    await db
      .insertInto('totpEnrolments')
      .values({ userId: scope.userId, tenantId: scope.tenantId, sealedSecret, expiresAt })
      .onConflict((conflict) => conflict.column('userId').doUpdateSet({ sealedSecret, expiresAt }))
      .execute()
    return true
  })
}

/** The sealed secret of the enrolment under way. */
export async function findEnrolment(store: Store, scope: Scope): Promise<Buffer | undefined> {
  const row = await store.db
    .selectFrom('totpEnrolments')
    .select('sealedSecret')
    .where('userId', '=', scope.userId)
    .where('expiresAt', '>', clock)
    .executeTakeFirst()
  return row?.sealedSecret
}

/** Puts an enrolment into force with the step of its first code, which is used up by it. Of many at once, one gets true. */
export async function enableSecondFactor(
  store: Store,
  actor: Actor,
  enrolment: { sealedSecret: Buffer; step: number; backupHashes: readonly Buffer[] },
): Promise<boolean> {
  return await store.db.transaction().execute(async (db) => {
    const taken = await db
      .deleteFrom('totpEnrolments')
      .where('userId', '=', actor.userId)
      .where('sealedSecret', '=', enrolment.sealedSecret)
      .where('expiresAt', '>', clock)
      .returning('userId')
      .executeTakeFirst()
    if (!taken) return false
    await db
      .updateTable('users')
      .set({ totpSecret: enrolment.sealedSecret, totpEnabledAt: clock, totpLastStep: String(enrolment.step) })
      .where('tenantId', '=', actor.tenantId)
      .where('id', '=', actor.userId)
      .execute()
    await replaceBackupCodes(db, actor, enrolment.backupHashes)
    await record(db, actor, 'account.mfa_enable')
    return true
  })
}

/** Takes the second factor away. False: what was checked does not hold. */
export async function disableSecondFactor(store: Store, actor: Actor, checked: CheckedPerson): Promise<boolean> {
  return await store.db.transaction().execute(async (db) => {
    if (!(await confirmChecked(db, actor, checked))) return false
    await dropFactor(db, actor)
    await record(db, actor, 'account.mfa_disable')
    return true
  })
}

/** New backup codes in place of all earlier ones. False: what was checked does not hold. */
export async function renewBackupCodes(
  store: Store,
  actor: Actor,
  checked: CheckedPerson,
  hashes: readonly Buffer[],
): Promise<boolean> {
  return await store.db.transaction().execute(async (db) => {
    if (!(await confirmChecked(db, actor, checked))) return false
    await replaceBackupCodes(db, actor, hashes)
    await record(db, actor, 'account.backup_codes')
    return true
  })
}

/** Puts the same authenticator secret in place of itself, sealed anew. Nothing happens when it was changed meanwhile. */
export async function resealFactor(store: Store, scope: Scope, sealed: { old: Buffer; new: Buffer }): Promise<void> {
  await store.db
    .updateTable('users')
    .set({ totpSecret: sealed.new })
    .where('tenantId', '=', scope.tenantId)
    .where('id', '=', scope.userId)
    .where('totpSecret', '=', sealed.old)
    .execute()
}

async function replaceBackupCodes(db: Queryable, scope: Scope, hashes: readonly Buffer[]): Promise<void> {
  await db.deleteFrom('backupCodes').where('userId', '=', scope.userId).execute()
  await db
    .insertInto('backupCodes')
    .values(hashes.map((hash) => ({ userId: scope.userId, tenantId: scope.tenantId, hash, usedAt: null })))
    .execute()
}

async function record(
  db: Queryable,
  actor: Actor,
  action: 'account.mfa_enable' | 'account.mfa_disable' | 'account.backup_codes',
): Promise<void> {
  await recordActivity(db, actor, { action, targetType: 'user', targetId: actor.userId })
}
