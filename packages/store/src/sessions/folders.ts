import { type Actor, AppError, type FolderView, newId, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import { recordActivity } from '../activities/record-activity.ts'
import { violatedUnique } from '../database-errors.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope, withScope } from '../with-scope.ts'

const MAX_FOLDERS = 500

type Row = { id: string; name: string; sessions: number; createdAt: Date }

/** One's own folders by name, with how many sessions are in each; the trash does not count. */
export async function listFolders(store: Store, scope: Scope): Promise<FolderView[]> {
  const { rows } = await selectFolders(scope).execute(asScope(store, scope))
  return rows.map(toFolderView)
}

/** Throws `conflict` for a name that is taken, whatever its case, and when there are too many. */
export async function createFolder(store: Store, by: Actor, { name }: { name: string }): Promise<FolderView> {
  const { tenantId, userId } = by
  return await oneName(async () =>
    withScope(store, by, async (db) => {
      const { rows } = await selectFolders(by).execute(db)
      if (rows.length >= MAX_FOLDERS) throw new AppError('conflict', `You can have ${MAX_FOLDERS} folders.`)
      const id = newId()
      await db.insertInto('folders').values({ id, tenantId, userId, name }).execute()
      await recordActivity(db, by, { action: 'folder.create', targetType: 'folder', targetId: id })
      return await readFolder(db, by, id)
    }),
  )
}

/** Throws `not_found`, and `conflict` for a name that is taken. */
export async function renameFolder(
  store: Store,
  by: Actor,
  folderId: string,
  { name }: { name: string },
): Promise<FolderView> {
  return await oneName(async () =>
    withScope(store, by, async (db) => {
      await requireFolder(db, by, folderId)
      await db.updateTable('folders').set({ name }).where('id', '=', folderId).execute()
      await recordActivity(db, by, { action: 'folder.update', targetType: 'folder', targetId: folderId })
      return await readFolder(db, by, folderId)
    }),
  )
}

/** Its sessions stay, in no folder. Throws `not_found`. */
export async function deleteFolder(store: Store, by: Actor, folderId: string): Promise<void> {
  await withScope(store, by, async (db) => {
    await requireFolder(db, by, folderId)
    await db.deleteFrom('folders').where('id', '=', folderId).execute()
    await recordActivity(db, by, { action: 'folder.delete', targetType: 'folder', targetId: folderId })
  })
}

/** Locks one's own folder against being deleted until the transaction ends; throws `not_found`. */
export async function requireFolder(db: Queryable, scope: Scope, folderId: string): Promise<void> {
  const folder = await db
    .selectFrom('folders')
    .select('id')
    .where('id', '=', folderId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .forKeyShare()
    .executeTakeFirst()
  if (!folder) throw folderNotFound()
}

async function readFolder(db: Queryable, scope: Scope, folderId: string): Promise<FolderView> {
  const { rows } = await selectFolders(scope, folderId).execute(db)
  if (!rows[0]) throw folderNotFound()
  return toFolderView(rows[0])
}

function selectFolders(scope: Scope, folderId: string | null = null) {
  return sql<Row>`
    select f.id, f.name, f.created_at, (select count(*)::int from sessions s
      where s.folder_id = f.id and s.deleted_at is null and not s.temporary) as sessions
    from folders f
    where f.tenant_id = ${scope.tenantId} and f.user_id = ${scope.userId}
      and (${folderId}::uuid is null or f.id = ${folderId}::uuid)
    order by lower(f.name), f.id`
}

const toFolderView = ({ id, name, sessions, createdAt }: Row): FolderView => ({
  id,
  name,
  sessions,
  createdAt: createdAt.toISOString(),
})

const folderNotFound = (): AppError => new AppError('not_found', 'There is no such folder.')

async function oneName<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (violatedUnique(error) !== 'folders_one_name') throw error
    throw new AppError('conflict', 'You have a folder of this name.')
  }
}
