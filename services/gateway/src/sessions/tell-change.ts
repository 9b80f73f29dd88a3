import type { Scope, UpdateSessionRequest } from '@askwire/contracts'
import type { GatewayContext } from '../context.ts'

/** Tells the other devices of a change to a session: that its draft is another, or that something a list shows is. Never the text itself. */
export function tellChange(
  { notices }: Pick<GatewayContext, 'notices'>,
  { userId }: Scope,
  sessionId: string,
  { draft, ...rest }: UpdateSessionRequest,
): void {
  if (draft !== undefined) notices.tell(userId, { event: 'draft.updated', sessionId })
  if (Object.values(rest).some((value) => value !== undefined))
    notices.tell(userId, { event: 'session.updated', sessionId })
}
