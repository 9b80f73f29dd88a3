import { AppError, type DocumentView, newId, type Page, type Scope } from '@askwire/contracts'
import { type Selectable, sql } from 'kysely'
import { type Activity, activityRow } from './activities/record-activity.ts'
import { newestFirst, type PageRequest } from './cursor.ts'
import { defineStatement } from './define-statement.ts'
import type { DocumentsTable } from './knowledge-tables.ts'
import type { Store } from './store.ts'
import { asScope, withScope } from './with-scope.ts'

const VIEW = ['id', 'name', 'mediaType', 'bytes', 'chunkCount', 'createdAt'] as const
type ViewRow = Pick<Selectable<DocumentsTable>, (typeof VIEW)[number]>

export type NewDocument = {
  collectionId: string
  name: string
  source: string
  mediaType: string
  bytes: number
  contentHash: string
  indexedAs: string
  text: string
}

/** What is known of a visible document's source without reading its text. */
export type IndexedSource = { id: string; source: string; contentHash: string; indexedAs: string }

/** Stores a document that nothing sees until `showDocument`, and returns its id. Throws `not_found` for a foreign collection. */
export async function startDocument(store: Store, scope: Scope, document: NewDocument): Promise<string> {
  const { collectionId, bytes, ...rest } = document
  const id = newId()
  const { numInsertedOrUpdatedRows } = await asScope(store, scope)
    .insertInto('documents')
    .columns(['id', 'tenantId', 'userId', 'collectionId', 'bytes', ...KEYS])
    .expression((eb) =>
      eb
        .selectFrom('collections')
        .select([sql<string>`${id}::uuid`.as('id'), 'tenantId', 'userId', 'collections.id as collectionId'])
        .select(sql<string>`${bytes}::bigint`.as('bytes'))
        .select(KEYS.map((key) => sql<string>`${rest[key]}::text`.as(key)))
        .where('id', '=', collectionId)
        .where('tenantId', '=', scope.tenantId)
        .where('userId', '=', scope.userId),
    )
    .executeTakeFirst()
  if (!numInsertedOrUpdatedRows) throw new AppError('not_found', 'There is no such collection.')
  return id
}
const KEYS = ['name', 'source', 'mediaType', 'contentHash', 'indexedAs', 'text'] as const

/**
 * Makes a started document visible and removes the one it replaces, in one step: a search sees the old one or the new
 * one, never both and never neither. Throws `not_found` when it was deleted meanwhile.
 */
export async function showDocument(store: Store, scope: Scope, id: string): Promise<void> {
  await withScope(store, scope, async (trx) => {
    const started = await trx
      .selectFrom('documents')
      .select(['collectionId', 'source', 'bytes', 'mediaType'])
      .where('id', '=', id)
      .where('tenantId', '=', scope.tenantId)
      .where('userId', '=', scope.userId)
      .forUpdate()
      .executeTakeFirst()
    if (!started) throw documentNotFound()
    const { collectionId, source, bytes, mediaType } = started
    const [replaced] = await trx
      .deleteFrom('documents')
      .where('collectionId', '=', collectionId)
      .where('source', '=', source)
      .where('visible', '=', true)
      .where('id', '<>', id)
      .returning(['id', 'bytes'])
      .execute()
    const what = { mediaType, bytes: Number(bytes) }
    const activity: Activity = {
      action: replaced ? 'document.update' : 'document.create',
      targetType: 'document',
      targetId: id,
      before: replaced && { id: replaced.id, bytes: Number(replaced.bytes) },
      after: what,
    }
    await trx
      .with('recorded', (db) => db.insertInto('activities').values(activityRow(system(scope), activity)))
      .updateTable('documents')
      .set((eb) => ({
        visible: true,
        updatedAt: sql<Date>`clock_timestamp()`,
        chunkCount: eb.selectFrom('chunks').select(sql<number>`count(*)`.as('n')).where('documentId', '=', id),
        termCount: eb
          .selectFrom('chunks')
          .select(sql<string>`coalesce(sum(length), 0)`.as('n'))
          .where('documentId', '=', id),
      }))
      .where('id', '=', id)
      .execute()
  })
}

/** The sources of a collection's visible documents. */
export async function listSources(store: Store, scope: Scope, collectionId: string): Promise<IndexedSource[]> {
  return await ownDocuments(store, scope)
    .select(['id', 'source', 'contentHash', 'indexedAs'])
    .where('collectionId', '=', collectionId)
    .execute()
}

/** Removes what a dead indexer left of documents that never became visible. Call it only while no one else indexes there. */
export async function dropUnfinished(store: Store, scope: Scope, collectionId: string): Promise<number> {
  const result = await asScope(store, scope)
    .deleteFrom('documents')
    .where('collectionId', '=', collectionId)
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('visible', '=', false)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Deletes a document, visible or not, with its chunks, vectors and postings. False when the caller has no such document. */
export async function deleteDocument(store: Store, scope: Scope, id: string): Promise<boolean> {
  const row = activityRow(system(scope), { action: 'document.delete', targetType: 'document', targetId: id })
  const { rows } = await sql`
    with gone as (
      delete from documents where id = ${id} and tenant_id = ${scope.tenantId} and user_id = ${scope.userId}
      returning id, name, bytes, visible
    ), recorded as (
      insert into activities (id, tenant_id, action, target_type, target_id, address, agent, request_id, before)
      select ${row.id}::uuid, ${row.tenantId}::uuid, ${row.action}, ${row.targetType}, id::text, '', '', '',
        jsonb_build_object('bytes', bytes)
      from gone where visible
    )
    select id from gone`.execute(asScope(store, scope))
  return rows.length > 0
}

/** Documents come and go with a folder, which the system follows. */
function system({ tenantId }: Scope) {
  return { tenantId, userId: null, requestId: '', address: '', agent: '' }
}

/** A visible document of the caller. Throws `not_found`. */
export async function getDocument(store: Store, scope: Scope, id: string): Promise<DocumentView> {
  const row = await ownDocuments(store, scope).select(VIEW).where('id', '=', id).executeTakeFirst()
  if (!row) throw documentNotFound()
  return toDocumentView(row)
}

/** A page of the caller's visible documents, newest first. Throws `invalid_request` for a malformed cursor. */
export async function listDocuments(
  store: Store,
  scope: Scope,
  page: PageRequest & { collectionId?: string | undefined },
): Promise<Page<DocumentView>> {
  const newest = newestFirst(page)
  const rows = await ownDocuments(store, scope)
    .select(VIEW)
    .select(newest.micros)
    .$if(page.collectionId !== undefined, (query) => query.where('collectionId', '=', page.collectionId ?? ''))
    .where(newest.after)
    .orderBy(newest.order)
    .limit(newest.limit)
    .execute()
  return newest.toPage(rows, toDocumentView)
}

function ownDocuments(store: Store, scope: Scope) {
  return asScope(store, scope)
    .selectFrom('documents')
    .where('tenantId', '=', scope.tenantId)
    .where('userId', '=', scope.userId)
    .where('visible', '=', true)
}

function toDocumentView({ id, name, mediaType, bytes, chunkCount, createdAt }: ViewRow): DocumentView {
  return { id, name, mediaType, bytes: Number(bytes), chunkCount, createdAt: createdAt.toISOString() }
}

function documentNotFound(): AppError {
  return new AppError('not_found', 'There is no such document.')
}

/** Whether the caller has anything that a search could find. */
export async function hasDocuments(store: Store, scope: Scope): Promise<boolean> {
  const [row] = await hasStatement(asScope(store, scope), [scope.tenantId, scope.userId])
  return row?.any === true
}

const hasStatement = defineStatement<{ any: boolean }>(
  'has_documents',
  'select exists (select from documents where tenant_id = $1 and user_id = $2 and visible) as any',
)
