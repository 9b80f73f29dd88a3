import { AppError, type ChunkView, newId, type Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from './store.ts'
import { toVector } from './to-vector.ts'
import { asScope, withScope } from './with-scope.ts'

export type NewChunk = {
  index: number
  heading: string | null
  page: number | null
  startOffset: number
  endOffset: number
  text: string
  /** How often each term occurs; the sum is the chunk's length. */
  terms: ReadonlyMap<string, number>
  embedding: readonly number[]
}

/** Text shown on either side of a chunk, in characters. */
const AROUND = 600
const MAX_TF = 32_767

/**
 * Stores chunks of a started document with their vectors and postings, in one transaction of three statements whatever
 * their number. Throws `not_found` when the document was deleted meanwhile or is not the caller's own.
 */
export async function addChunks(
  store: Store,
  scope: Scope,
  target: { documentId: string; embedder: string },
  chunks: readonly NewChunk[],
): Promise<void> {
  if (chunks.length === 0) return
  await withScope(store, scope, async (trx) => {
    // The lock lets a deletion wait for this batch and take it along; without it the deletion could miss the new rows.
    const document = await trx
      .selectFrom('documents')
      .select('collectionId')
      .where('id', '=', target.documentId)
      .where('tenantId', '=', scope.tenantId)
      .where('userId', '=', scope.userId)
      .forKeyShare()
      .executeTakeFirst()
    if (!document) throw new AppError('not_found', 'There is no such document.')
    const { rows } = await sql<{ ord: string; index: number }>`
      insert into chunks (id, tenant_id, user_id, document_id, collection_id, index, heading, page, start_offset,
        end_offset, text, length, embedding, embedder)
      select c.id, ${scope.tenantId}::uuid, ${scope.userId}::uuid, ${target.documentId}::uuid,
        ${document.collectionId}::uuid, c.index, c.heading, c.page, c.start_offset, c.end_offset, c.text, c.length, c.embedding::vector, ${target.embedder}::text
      from unnest(${chunks.map(() => newId())}::uuid[], ${chunks.map((c) => c.index)}::int[],
        ${chunks.map((c) => c.heading)}::text[], ${chunks.map((c) => c.page)}::int[],
        ${chunks.map((c) => c.startOffset)}::int[], ${chunks.map((c) => c.endOffset)}::int[],
        ${chunks.map((c) => c.text)}::text[], ${chunks.map(lengthOf)}::int[],
        ${chunks.map((c) => toVector(c.embedding))}::text[])
        as c (id, index, heading, page, start_offset, end_offset, text, length, embedding)
      returning ord, index`.execute(trx)
    const ords = new Map(rows.map(({ ord, index }) => [index, ord]))
    const postings = chunks.flatMap((chunk) => {
      const length = lengthOf(chunk)
      const ord = ords.get(chunk.index)
      return [...chunk.terms].map(([term, tf]) => ({ term, ord, length, tf: Math.min(tf, MAX_TF) }))
    })
    await sql`
      insert into chunk_terms (tenant_id, user_id, document_id, chunk_ord, length, tf, term)
      select ${scope.tenantId}::uuid, ${scope.userId}::uuid, ${target.documentId}::uuid, p.chunk_ord, p.length, p.tf, p.term
      from unnest(${postings.map((p) => p.ord)}::bigint[], ${postings.map((p) => p.length)}::int[],
        ${postings.map((p) => p.tf)}::smallint[], ${postings.map((p) => p.term)}::text[])
        as p (chunk_ord, length, tf, term)`.execute(trx)
  })
}

function lengthOf(chunk: NewChunk): number {
  let length = 0
  for (const tf of chunk.terms.values()) length += tf
  return length
}

/** A chunk of a visible document with up to 600 characters on either side. Throws `not_found`. */
export async function getChunk(store: Store, scope: Scope, documentId: string, chunkId: string): Promise<ChunkView> {
  const row = await asScope(store, scope)
    .selectFrom('chunks')
    .innerJoin('documents', 'documents.id', 'chunks.documentId')
    .select(['chunks.id', 'chunks.documentId', 'documents.name as documentName', 'chunks.index', 'chunks.page'])
    .select([
      'chunks.heading',
      'chunks.text',
      'chunks.startOffset',
      'chunks.endOffset',
      'documents.text as documentText',
    ])
    .where('chunks.id', '=', chunkId)
    .where('chunks.documentId', '=', documentId)
    .where('chunks.tenantId', '=', scope.tenantId)
    .where('chunks.userId', '=', scope.userId)
    .where('documents.visible', '=', true)
    .executeTakeFirst()
  if (!row) throw new AppError('not_found', 'There is no such chunk.')
  const { startOffset, endOffset, documentText, ...view } = row
  // A cut through a surrogate pair would leave half a character.
  const before = documentText.slice(Math.max(0, startOffset - AROUND), startOffset).replace(/^[\uDC00-\uDFFF]/, '')
  const after = documentText.slice(endOffset, endOffset + AROUND).replace(/[\uD800-\uDBFF]$/, '')
  return { ...view, before, after }
}
