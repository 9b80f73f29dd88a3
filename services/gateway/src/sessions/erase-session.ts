import { publishJob, sendSessionsClosed } from '@askwire/runs'
import { type JobRow, requestSessionErase } from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import { actorOf, type Principal } from '../principal.ts'
import { tellMembers } from './tell-members.ts'

/** Begins to erase a session for good: nobody sees it from now on and its streams end. Throws `not_found`. */
export async function eraseSession(context: GatewayContext, principal: Principal, sessionId: string): Promise<JobRow> {
  const job = await requestSessionErase(context.store, actorOf(principal), sessionId)
  await sendSessionsClosed(context, [sessionId])
  tellMembers(context, [sessionId], 'session.deleted')
  context.notices.tell(principal.userId, { event: 'session.deleted', sessionId })
  void publishJob(context, job)
  return job
}
