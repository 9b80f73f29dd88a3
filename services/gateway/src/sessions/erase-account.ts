import type { EraseAccountRequest } from '@askwire/contracts'
import { publishJob } from '@askwire/runs'
import { type JobRow, requestAccountErase } from '@askwire/store'
import { checkPerson, noLonger } from '../accounts/check-person.ts'
import type { GatewayContext } from '../context.ts'
import { actorOf, type Principal } from '../principal.ts'

/**
 * Begins to erase the caller's own account: signed out everywhere at once, its streams too; a job does the rest. Throws what `checkPerson` does, and
 * `conflict` for the last owner while there are other people.
 */
export async function eraseAccount(
  context: GatewayContext,
  principal: Principal,
  request: EraseAccountRequest,
): Promise<JobRow> {
  const checked = await checkPerson(context, principal, { password: request.password, code: request.code })
  const job = await requestAccountErase(context.store, actorOf(principal), checked)
  if (!job) throw noLonger(checked)
  context.principals.changed(principal)
  // Counts are kept under digests and go by themselves; these go now.
  await context.limits.forget(checked.account)
  void publishJob(context, job)
  return job
}
