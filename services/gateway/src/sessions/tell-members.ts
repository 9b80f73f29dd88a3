import type { NoticeDraft } from '@askwire/runs'
import { listMemberIds } from '@askwire/store'
import type { GatewayContext } from '../context.ts'

/** Tells everybody these sessions are open to, beside their owner, that their list is another. Returns at once; one that cannot be told loads it later. */
export function tellMembers(
  { store, notices, logger }: Pick<GatewayContext, 'store' | 'notices' | 'logger'>,
  sessionIds: readonly string[],
  event: NoticeDraft['event'],
): void {
  listMemberIds(store, sessionIds).then(
    (members) => {
      for (const { userId } of members) notices.tell(userId, { event })
    },
    (error: unknown) => logger.warn({ err: error }, 'members of a session were not told of a change'),
  )
}
