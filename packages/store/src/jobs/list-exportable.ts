import type { Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from '../store.ts'
import { asScope } from '../with-scope.ts'

/** What is said of a message beside its text, its sources and its steps. */
const BESIDE_TEXT_BYTES = 300

/** A session that is to be exported, and about how many bytes its messages are, without reading them. */
export type Exportable = { id: string; bytes: number }

/** The caller's sessions after an id, in the order of their ids. Temporary and deleted ones are left out. */
export async function listExportable(
  store: Store,
  { tenantId, userId }: Scope,
  page: { after: string | null; limit: number },
): Promise<Exportable[]> {
  const { rows } = await sql<{ id: string; bytes: string }>`
    select s.id, m.bytes::text from (
      select id from sessions
      where tenant_id = ${tenantId} and user_id = ${userId} and not temporary and deleted_at is null
        and (${page.after}::uuid is null or id > ${page.after}::uuid)
      order by id limit ${page.limit}) s
    cross join lateral (
      select coalesce(sum(octet_length(content) + pg_column_size(resources) + coalesce(pg_column_size(steps), 0) + ${BESIDE_TEXT_BYTES}::int), 0)
        as bytes
      from messages where session_id = s.id) m
    order by s.id`.execute(asScope(store, { tenantId, userId }))
  return rows.map(({ id, bytes }) => ({ id, bytes: Number(bytes) }))
}

/** How many of them there are. */
export async function countExportable(store: Store, { tenantId, userId }: Scope): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from sessions
    where tenant_id = ${tenantId} and user_id = ${userId} and not temporary and deleted_at is null`.execute(store.db)
  return rows[0]?.count ?? 0
}

/** What an archive says of a document; its bytes are not stored. */
export type ExportableDocument = {
  id: string
  name: string
  source: string
  collection: string
  mediaType: string
  bytes: number
  sha256: string
  addedAt: string
}

/** More than anybody has: a list of them is one file. */
const MAX_DOCUMENTS = 200_000

/** The caller's documents, by collection and name. */
export async function listExportableDocuments(
  store: Store,
  { tenantId, userId }: Scope,
): Promise<ExportableDocument[]> {
  const rows = await asScope(store, { tenantId, userId })
    .selectFrom('documents')
    .innerJoin('collections', 'collections.id', 'documents.collectionId')
    .select(['documents.id', 'documents.name', 'source', 'collections.name as collection', 'mediaType', 'bytes'])
    .select(['contentHash', 'documents.createdAt'])
    .where('documents.tenantId', '=', tenantId)
    .where('documents.userId', '=', userId)
    .where('visible', '=', true)
    .orderBy('collections.name')
    .orderBy('documents.name')
    .orderBy('documents.id')
    .limit(MAX_DOCUMENTS)
    .execute()
  return rows.map(({ bytes, contentHash: sha256, createdAt, ...document }) => ({
    ...document,
    bytes: Number(bytes),
    sha256,
    addedAt: createdAt.toISOString(),
  }))
}
