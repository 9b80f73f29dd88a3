import { hashBackupCode, matchTotp, newBackupCodes, newTotpSecret, otpauthLink } from '@askwire/auth'
import { AppError, type BackupCodes, type MfaSetup } from '@askwire/contracts'
import {
  disableSecondFactor,
  enableSecondFactor,
  findEnrolment,
  renewBackupCodes,
  startEnrolment,
} from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import { actorOf, type Principal, scopeOf } from '../principal.ts'
import { checkPerson, wrong } from './check-person.ts'

type Shown = { password?: string | undefined; code?: string | undefined }

/** Begins to enrol an authenticator, also in place of the present one. Nothing changes until a code of it confirms it. */
export async function setUpSecondFactor(
  context: GatewayContext,
  principal: Principal,
  shown: Shown,
): Promise<MfaSetup> {
  const checked = await checkPerson(context, principal, shown)
  const secret = newTotpSecret()
  const sealed = context.auth.sealer.seal('totp-secret', principal.userId, secret)
  if (!(await startEnrolment(context.store, scopeOf(principal), checked, sealed))) throw wrong('code')
  return await otpauthLink(secret, checked.account.email)
}

/** Puts the enrolment into force by a first code of it, and gives backup codes. Throws `conflict` when none is under way, `forbidden`, `rate_limited`. */
export async function confirmSecondFactor(
  context: GatewayContext,
  principal: Principal,
  code: string,
): Promise<BackupCodes> {
  await context.limits.attempt('mfa', { address: principal.address, account: principal.userId })
  const sealedSecret = await findEnrolment(context.store, scopeOf(principal))
  const secret = sealedSecret && context.auth.sealer.open('totp-secret', principal.userId, sealedSecret)
  if (!sealedSecret || !secret) throw new AppError('conflict', 'There is no enrolment under way. Begin it again.')
  const step = matchTotp(secret, code, context.clock.now())
  if (step === undefined) throw wrong('code')
  const backupCodes = newBackupCodes()
  const enabled = await enableSecondFactor(context.store, actorOf(principal), {
    sealedSecret,
    step,
    backupHashes: backupCodes.map((backup) => hashBackupCode(principal.userId, backup)),
  })
  if (!enabled) throw new AppError('conflict', 'There is no enrolment under way. Begin it again.')
  await context.limits.succeeded('mfa', principal.userId)
  return { backupCodes }
}

/** Takes the second factor away. */
export async function takeSecondFactorAway(context: GatewayContext, principal: Principal, shown: Shown): Promise<void> {
  const checked = await checkEnabled(context, principal, shown)
  if (!(await disableSecondFactor(context.store, actorOf(principal), checked))) throw wrong('code')
}

/** Gives new backup codes in place of all earlier ones. */
export async function renewOwnBackupCodes(
  context: GatewayContext,
  principal: Principal,
  shown: Shown,
): Promise<BackupCodes> {
  const checked = await checkEnabled(context, principal, shown)
  const backupCodes = newBackupCodes()
  const hashes = backupCodes.map((backup) => hashBackupCode(principal.userId, backup))
  if (!(await renewBackupCodes(context.store, actorOf(principal), checked, hashes))) throw wrong('code')
  return { backupCodes }
}

async function checkEnabled(context: GatewayContext, principal: Principal, shown: Shown) {
  const checked = await checkPerson(context, principal, shown)
  if (!checked.factor) throw new AppError('conflict', 'There is no second factor.')
  return checked
}
