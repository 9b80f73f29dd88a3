import type { Scope, SessionDetail, UpdateSessionRequest } from '@askwire/contracts'
import type { GatewayContext } from '../context.ts'

/** While somebody writes, their other devices hear of it this often. */
const DRAFT_EVERY_MS = 1000

/** Tells the other devices of a change to a session: that its draft is another, or that something a list shows is. Never the text itself. */
export function tellChange(
  { notices }: Pick<GatewayContext, 'notices'>,
  { userId }: Scope,
  { id: sessionId, draftVersion }: Pick<SessionDetail, 'id' | 'draftVersion'>,
  { draft, draftVersion: _over, ...rest }: UpdateSessionRequest,
): void {
  if (draft !== undefined)
    notices.tellAtMost(DRAFT_EVERY_MS, userId, { event: 'draft.updated', sessionId, data: { draftVersion } })
  if (Object.values(rest).some((value) => value !== undefined))
    notices.tell(userId, { event: 'session.updated', sessionId })
}
