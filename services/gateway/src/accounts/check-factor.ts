import { hashBackupCode, isTotpCode, matchTotp } from '@askwire/auth'
import { AppError, type RequestFacts } from '@askwire/contracts'
import { type Account, type Factor, resealFactor } from '@askwire/store'
import type { GatewayContext } from '../context.ts'

/**
 * The factor that a code stands for, to be used up by the change it allows; undefined for an account without a second factor, and `wrong`
 * for a code that is none of this account's. Throws `mfa_required` without a code, and `rate_limited`.
 */
export async function checkFactor(
  context: GatewayContext,
  account: Pick<Account, 'tenantId' | 'userId' | 'totpSecret'>,
  code: string | undefined,
  facts: RequestFacts,
): Promise<Factor | 'wrong' | undefined> {
  if (account.totpSecret === null) return undefined
  if (code === undefined)
    throw new AppError('mfa_required', 'A code of your authenticator, or a backup code, is needed.')
  await context.limits.attempt('mfa', { address: facts.address, account: account.userId })
  // Whether a backup code is one, and unused, is for the statement to say that uses it up.
  if (!isTotpCode(code)) return { kind: 'backup', hash: hashBackupCode(account.userId, code) }
  const { sealer } = context.auth
  const secret = sealer.open('totp-secret', account.userId, account.totpSecret)
  if (!secret) {
    context.logger.error(
      { userId: account.userId },
      'an authenticator secret does not open: was the auth secret changed?',
    )
    return 'wrong'
  }
  const step = matchTotp(secret, code, context.clock.now())
  if (step !== undefined && !sealer.isCurrent('totp-secret', account.userId, account.totpSecret))
    await resealFactor(context.store, account, {
      old: account.totpSecret,
      new: sealer.seal('totp-secret', account.userId, secret),
    })
  return step === undefined ? 'wrong' : { kind: 'totp', step }
}
