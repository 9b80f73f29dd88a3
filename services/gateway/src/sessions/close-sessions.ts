import type { Scope } from '@askwire/contracts'
import { cancelRun } from '@askwire/runs'
import type { ChangedSessions } from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import { tellMembers } from './tell-members.ts'

/**
 * What follows when sessions have been deleted: their streams end on every replica at once, other devices and members are told, and what runs in them
 * is stopped. The runs are not waited for: the sessions are gone for everybody already, and a run that nobody stops ends by itself.
 */
export function closeSessions(context: GatewayContext, scope: Scope, { ids, runIds }: ChangedSessions): void {
  context.principals.sessionsClosed(ids)
  for (const sessionId of ids) context.notices.tell(scope.userId, { event: 'session.deleted', sessionId })
  tellMembers(context, ids, 'session.deleted')
  const cancelAll = async (): Promise<void> => {
    for (const runId of runIds) await cancelRun(context, scope, runId)
  }
  cancelAll().catch((error: unknown) => context.logger.warn({ err: error }, 'a run of a deleted session goes on'))
}
