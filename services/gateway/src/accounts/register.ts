import { hashSecret } from '@askwire/auth'
import { AppError, type RegisterRequest, type RequestFacts } from '@askwire/contracts'
import { registerAccount } from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import { type Entered, enter, newRefreshToken } from './signed-in.ts'

/** Makes an account and signs it in. The first of the installation becomes its owner. Throws what `registerAccount` does, and `rate_limited`. */
export async function register(
  context: GatewayContext,
  request: Omit<RegisterRequest, 'transport'>,
  facts: RequestFacts,
): Promise<Entered> {
  const mode = context.config.REGISTRATION
  await context.limits.attempt('register', { address: facts.address, account: request.email })
  // Before the password is hashed, which costs: whoever may not register is told so at once.
  if (mode !== 'open' && request.invitation === undefined && (await context.trial.hasAccounts()))
    throw new AppError('forbidden', 'New accounts are by invitation only.')
  const refreshToken = newRefreshToken()
  const { scope, loginId, first } = await registerAccount(
    context.store,
    {
      email: request.email,
      name: request.name,
      passwordHash: await context.auth.passwords.hash(request.password),
      mode,
      ...(request.invitation !== undefined && { invitationHash: hashSecret(request.invitation) }),
    },
    facts,
    { method: 'register', refreshHash: hashSecret(refreshToken), facts },
  )
  if (loginId === null) throw new Error('a registration without a login')
  if (first) {
    // The trial is over, and with it the streams that were opened in it.
    await context.trial.hasAccounts()
    context.principals.changed(scope)
  }
  context.events.signedIn('register', { requestId: facts.requestId, userId: scope.userId })
  return await enter(context, { scope, loginId, refreshToken })
}
