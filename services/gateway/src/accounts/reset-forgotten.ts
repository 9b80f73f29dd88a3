import { hashSecret } from '@askwire/auth'
import { AppError, type RequestFacts } from '@askwire/contracts'
import { resetPassword } from '@askwire/store'
import type { GatewayContext } from '../context.ts'

/** Sets a new password by the secret of a mailed link, once. A second factor stays, and is asked for at the next sign-in. Throws `gone`, `rate_limited`. */
export async function resetForgotten(
  context: GatewayContext,
  request: { token: string; newPassword: string },
  facts: RequestFacts,
): Promise<void> {
  await context.limits.attempt('reset', { address: facts.address })
  const passwordHash = await context.auth.passwords.hash(request.newPassword)
  const scope = await resetPassword(context.store, { hash: hashSecret(request.token), passwordHash }, facts)
  if (!scope) throw new AppError('gone', 'This link does not work any more. Ask for a new one.')
  context.principals.changed(scope)
}
