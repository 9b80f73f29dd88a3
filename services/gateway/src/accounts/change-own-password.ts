import type { ChangePasswordRequest } from '@askwire/contracts'
import { changePassword } from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import { actorOf, type Principal } from '../principal.ts'
import { checkPerson, noLonger } from './check-person.ts'

/** Sets a new password and ends all other logins. Throws what `checkPerson` does. */
export async function changeOwnPassword(
  context: GatewayContext,
  principal: Principal,
  request: ChangePasswordRequest,
): Promise<void> {
  const { currentPassword: password, code, newPassword } = request
  const checked = await checkPerson(context, principal, { password, code })
  const passwordHash = await context.auth.passwords.hash(newPassword)
  const change = { passwordHash, keepLoginId: principal.loginId }
  if (!(await changePassword(context.store, actorOf(principal), checked, change))) throw noLonger(checked)
  context.principals.changed(principal)
}
