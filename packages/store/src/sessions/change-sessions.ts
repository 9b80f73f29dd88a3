import { type Action, type Actor, AppError, type BulkSessionsRequest } from '@askwire/contracts'
import { sql, type UpdateObject } from 'kysely'
import { activityRow } from '../activities/record-activity.ts'
import type { Database } from '../database.ts'
import { clock } from '../sql.ts'
import type { Queryable, Store } from '../store.ts'
import { withScope } from '../with-scope.ts'
import { requireFolder } from './folders.ts'
import { restorable } from './restorable.ts'
import { addTags, removeTags } from './session-tags.ts'

/** `runIds`: unfinished runs of sessions that are deleted now, for the caller to cancel. */
export type ChangedSessions = { ids: string[]; runIds: string[] }

/**
 * Does one thing to many sessions: all or none. Deleted ones can only be restored, and for `TRASH_DAYS` days; what is not deleted
 * cannot be. Throws `not_found` when one of them is not the caller's or not in that state.
 */
export async function changeSessions(store: Store, by: Actor, change: BulkSessionsRequest): Promise<ChangedSessions> {
  const ids = [...new Set(change.ids)].sort()
  return await withScope(store, by, async (db) => {
    await lockAll(db, by, ids, change.action === 'restore')
    await apply(db, by, ids, change)
    await record(db, by, ids, change)
    return { ids, runIds: change.action === 'delete' ? await unfinishedRuns(db, ids) : [] }
  })
}

/** In the order of their ids, so that two such changes wait for each other and never in a circle. */
async function lockAll(db: Queryable, by: Actor, ids: readonly string[], deleted: boolean): Promise<void> {
  const { rows } = await sql`
    select from sessions s where s.id = any(${ids}::uuid[]) and s.tenant_id = ${by.tenantId} and s.user_id = ${by.userId}
      and ${deleted ? restorable : sql`s.deleted_at is null`}
    order by s.id for no key update of s`.execute(db)
  if (rows.length < ids.length) throw new AppError('not_found', 'There is no such session.')
}

async function apply(db: Queryable, by: Actor, ids: string[], change: BulkSessionsRequest): Promise<void> {
  const set = async (columns: Columns): Promise<void> => {
    await db.updateTable('sessions').set(columns).where('id', 'in', ids).execute()
  }
  switch (change.action) {
    case 'archive':
      return await set({ archivedAt: sql<Date>`coalesce(archived_at, clock_timestamp())` })
    case 'unarchive':
      return await set({ archivedAt: null })
    case 'pin':
      return await set({ pinnedAt: sql<Date>`coalesce(pinned_at, clock_timestamp())` })
    case 'unpin':
      return await set({ pinnedAt: null })
    case 'delete':
      return await set({ deletedAt: clock })
    case 'restore':
      return await set({ deletedAt: null })
    case 'read':
      return await set({ readAt: clock })
    case 'tag':
      return await addTags(db, by, ids, [change.tag])
    case 'untag':
      return await removeTags(db, by, ids, change.tag)
    case 'move':
      if (change.folderId !== null) await requireFolder(db, by, change.folderId)
      return await set({ folderId: change.folderId })
    default:
      return change satisfies never
  }
}

type Columns = UpdateObject<Database, 'sessions'>

async function record(db: Queryable, by: Actor, ids: readonly string[], change: BulkSessionsRequest): Promise<void> {
  if (change.action === 'read') return
  const action: Action =
    change.action === 'delete' ? 'session.delete' : change.action === 'restore' ? 'session.restore' : 'session.update'
  const after = action === 'session.update' ? { after: afterOf(change) } : {}
  const rows = ids.map((targetId) => activityRow(by, { action, targetType: 'session', targetId, ...after }))
  await db.insertInto('activities').values(rows).execute()
}

/** Never what a person wrote: the record can not be erased. */
function afterOf(change: BulkSessionsRequest): Record<string, unknown> {
  switch (change.action) {
    case 'archive':
    case 'unarchive':
      return { archived: change.action === 'archive' }
    case 'pin':
    case 'unpin':
      return { pinned: change.action === 'pin' }
    case 'move':
      return { folderId: change.folderId }
    default:
      return { tags: 'changed' }
  }
}

async function unfinishedRuns(db: Queryable, ids: string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where('sessionId', 'in', ids)
    .where('loggedAt', 'is', null)
    .where('finishedAt', 'is', null)
    .execute()
  return rows.map(({ id }) => id)
}
