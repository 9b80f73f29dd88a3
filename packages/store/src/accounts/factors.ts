import { sql } from 'kysely'
import type { Queryable } from '../store.ts'

/** A second factor whose form was right: the step of an authenticator's code, or the hash of a backup code. */
export type Factor = { kind: 'totp'; step: number } | { kind: 'backup'; hash: Buffer }

/** Uses the factor up, in the caller's transaction; false when it was used before. Of many at once, one gets true. */
export async function useFactor(trx: Queryable, userId: string, factor: Factor): Promise<boolean> {
  if (factor.kind === 'totp') {
    const row = await trx
      .updateTable('users')
      .set({ totpLastStep: String(factor.step) })
      .where('id', '=', userId)
      .where('totpEnabledAt', 'is not', null)
      .where((eb) => eb.or([eb('totpLastStep', 'is', null), eb('totpLastStep', '<', String(factor.step))]))
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  }
  const row = await trx
    .updateTable('backupCodes')
    .set({ usedAt: sql<Date>`clock_timestamp()` })
    .where('userId', '=', userId)
    .where('hash', '=', factor.hash)
    .where('usedAt', 'is', null)
    .returning('userId')
    .executeTakeFirst()
  return row !== undefined
}

/** What was found right of a person outside the transaction that relies on it. */
export type CheckedPerson = { passwordHash: string | null; factor?: Factor | undefined }

/**
 * Locks the account and says whether what the caller has checked outside the transaction still holds: the password it compared with, and
 * a factor when there is one in force (used up here). Secrets are compared slowly, so never under a lock.
 */
export async function confirmChecked(
  trx: Queryable,
  scope: { tenantId: string; userId: string },
  checked: CheckedPerson,
): Promise<boolean> {
  const row = await trx
    .selectFrom('users')
    .select(['passwordHash', 'totpEnabledAt'])
    .where('tenantId', '=', scope.tenantId)
    .where('id', '=', scope.userId)
    .where('disabledAt', 'is', null)
    .where('registeredAt', 'is not', null)
    .forUpdate()
    .executeTakeFirst()
  if (!row || row.passwordHash !== checked.passwordHash) return false
  if (row.totpEnabledAt === null) return checked.factor === undefined
  return checked.factor !== undefined && (await useFactor(trx, scope.userId, checked.factor))
}
