import { type Actor, type CreateSessionRequest, newId, type SessionDetail } from '@askwire/contracts'
import { recordActivity } from '../activities/record-activity.ts'
import type { Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { requireFolder } from './folders.ts'
import { readSession } from './get-session.ts'
import { addTags } from './session-tags.ts'

/** Makes an empty session. Throws `not_found` for a folder that is not one's own. */
export async function createSession(store: Store, by: Actor, wanted: CreateSessionRequest): Promise<SessionDetail> {
  const { tenantId, userId } = by
  const { title, folderId, tags, temporary } = wanted
  const id = newId()
  return await withScope(store, by, async (db) => {
    if (folderId !== undefined) await requireFolder(db, by, folderId)
    await db
      .insertInto('sessions')
      .values({
        ...{ id, tenantId, userId, temporary },
        ...(title !== undefined && { title, titleSource: 'user' as const }),
        ...(folderId !== undefined && { folderId }),
      })
      .execute()
    await addTags(db, by, [id], tags ?? [])
    await recordActivity(db, by, { action: 'session.create', targetType: 'session', targetId: id })
    return await readSession(db, by, id)
  })
}
