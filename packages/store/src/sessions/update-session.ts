import { type Actor, AppError, type SessionDetail, type UpdateSessionRequest } from '@askwire/contracts'
import { sql } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { lockSession } from '../sessions.ts'
import { clock } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { requireFolder } from './folders.ts'
import { readSession } from './get-session.ts'
import { addTags, removeTags } from './session-tags.ts'

/**
 * Changes a session that is not in the trash. Its place in the list stays: only questions move it. Throws `not_found` for a foreign
 * session, folder or message, and `conflict` when the draft is not the one that `draftVersion` names, or the end of the open branch
 * not the one that `activeLeafWas` does.
 */
export async function updateSession(
  store: Store,
  by: Actor,
  sessionId: string,
  change: UpdateSessionRequest,
): Promise<SessionDetail> {
  return await withScope(store, by, async (db) => {
    await lockSession(db, by, sessionId)
    const before = await readSession(db, by, sessionId)
    if (change.draftVersion !== undefined && change.draftVersion !== before.draftVersion)
      throw new AppError('conflict', 'Another device has written another draft meanwhile.')
    if (change.activeLeafWas !== undefined && change.activeLeafWas !== before.activeLeafId)
      throw new AppError('conflict', 'Another branch has been opened meanwhile.')
    if (typeof change.folderId === 'string') await requireFolder(db, by, change.folderId)
    if (change.activeLeafId !== undefined) await requireMessage(db, sessionId, change.activeLeafId)
    const columns = columnsOf(change)
    if (Object.keys(columns).length > 0)
      await db.updateTable('sessions').set(columns).where('id', '=', sessionId).execute()
    if (change.tags !== undefined) {
      await removeTags(db, by, [sessionId])
      await addTags(db, by, [sessionId], change.tags)
    }
    const after = await readSession(db, by, sessionId)
    const changed = recordOfChange(before, after)
    if (changed)
      await recordActivity(db, by, {
        action: 'session.update',
        targetType: 'session',
        targetId: sessionId,
        after: changed,
      })
    return after
  })
}

function columnsOf({ title, folderId, pinned, archived, draft, activeLeafId, read }: UpdateSessionRequest) {
  const since = (set: boolean, column: string) =>
    set ? sql<Date>`coalesce(${sql.ref(column)}, clock_timestamp())` : null
  return {
    ...(title !== undefined && { title, titleSource: title === null ? null : ('user' as const) }),
    ...(folderId !== undefined && { folderId }),
    ...(pinned !== undefined && { pinnedAt: since(pinned, 'pinnedAt') }),
    ...(archived !== undefined && { archivedAt: since(archived, 'archivedAt') }),
    ...(draft !== undefined && { draft, draftVersion: sql<number>`draft_version + 1` }),
    ...(activeLeafId !== undefined && { activeLeafId }),
    ...(read === true && { readAt: clock }),
  }
}

async function requireMessage(db: Queryable, sessionId: string, messageId: string): Promise<void> {
  const message = await db
    .selectFrom('messages')
    .select('id')
    .where('sessionId', '=', sessionId)
    .where('id', '=', messageId)
    .executeTakeFirst()
  if (!message) throw new AppError('not_found', 'There is no such message in this session.')
}

/**
 * What the record keeps of a change. The record can not be erased, so it never holds what a person wrote: of title and tags it says
 * only that they were changed.
 */
function recordOfChange(before: SessionDetail, after: SessionDetail): Record<string, unknown> | undefined {
  const changed: { title?: string; tags?: number; folderId?: string | null; pinned?: boolean; archived?: boolean } = {}
  if (before.title !== after.title) changed.title = 'changed'
  if (before.tags.join('\n') !== after.tags.join('\n')) changed.tags = after.tags.length
  if (before.folderId !== after.folderId) changed.folderId = after.folderId
  if (before.pinned !== after.pinned) changed.pinned = after.pinned
  if (before.archived !== after.archived) changed.archived = after.archived
  return Object.keys(changed).length > 0 ? changed : undefined
}
