import { hashSecret } from '@askwire/auth'
import { AppError, type LoginRequest, type RequestFacts } from '@askwire/contracts'
import { type Account, findAccount, recordLoginFailure, startLogin } from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import { checkFactor } from './check-factor.ts'
import { type Entered, enter, newRefreshToken } from './signed-in.ts'

/**
 * Signs somebody in. Throws `unauthenticated` (the same for an unknown address, after the same time, as for a wrong password), `mfa_required`,
 * `forbidden` (the password is right and the account disabled), `rate_limited`.
 */
export async function logIn(
  context: GatewayContext,
  request: Omit<LoginRequest, 'transport'>,
  facts: RequestFacts,
): Promise<Entered> {
  const { email, password, code } = request
  await context.limits.attempt('login', { address: facts.address, account: email })
  const account = await findAccount(context.store, email)
  const right = await context.auth.passwords.verify(password, account?.passwordHash ?? null)
  if (!account || !right) return await refuse(context, account, 'password', facts)
  if (account.disabled) return await refuse(context, account, 'disabled', facts)

  const factor = await checkFactor(context, account, code, facts)
  if (factor === 'wrong') return await refuse(context, account, 'factor', facts)
  const refreshToken = newRefreshToken()
  const refreshHash = hashSecret(refreshToken)
  const loginId = await startLogin(context.store, account, factor, { method: 'password', refreshHash, facts })
  if (loginId === undefined) return await refuse(context, account, factor ? 'factor' : 'password', facts)

  await context.limits.succeeded('login', email)
  if (factor) await context.limits.succeeded('mfa', account.userId)
  context.events.signedIn('password', { requestId: facts.requestId, userId: account.userId })
  return await enter(context, { scope: account, loginId, refreshToken })
}

const TOLD = {
  password: () => new AppError('unauthenticated', 'The address or the password is wrong.'),
  factor: () => new AppError('unauthenticated', 'This code does not work.'),
  disabled: () => new AppError('forbidden', 'This account is disabled.'),
}

async function refuse(
  context: GatewayContext,
  account: Account | undefined,
  reason: keyof typeof TOLD,
  facts: RequestFacts,
): Promise<never> {
  await recordLoginFailure(context.store, account, reason, facts)
  context.events.authRefused(reason, { requestId: facts.requestId, address: facts.address })
  throw TOLD[reason]()
}
