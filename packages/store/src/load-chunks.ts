import type { Scope } from '@askwire/contracts'
import type { Store } from './store.ts'
import { asScope } from './with-scope.ts'

/** A chunk as retrieval hands it on. */
export type FoundChunk = {
  id: string
  documentId: string
  documentName: string
  index: number
  heading: string | null
  page: number | null
  text: string
}

/** The caller's visible chunks with these ids, in no order. Others are left out. */
export async function loadChunks(store: Store, scope: Scope, ids: readonly string[]): Promise<FoundChunk[]> {
  if (ids.length === 0) return []
  return await asScope(store, scope)
    .selectFrom('chunks')
    .innerJoin('documents', 'documents.id', 'chunks.documentId')
    .select(['chunks.id', 'chunks.documentId', 'documents.name as documentName', 'chunks.index'])
    .select(['chunks.heading', 'chunks.page', 'chunks.text'])
    .where('chunks.id', 'in', [...ids])
    .where('chunks.tenantId', '=', scope.tenantId)
    .where('chunks.userId', '=', scope.userId)
    .where('documents.visible', '=', true)
    .execute()
}

/** The first chunks of each of the caller's visible documents among these, in turn: the beginnings first. */
export async function listFirstChunks(
  store: Store,
  scope: Scope,
  { documentIds, limit }: { documentIds: readonly string[]; limit: number },
): Promise<string[]> {
  if (documentIds.length === 0) return []
  const rows = await asScope(store, scope)
    .selectFrom('chunks')
    .innerJoin('documents', 'documents.id', 'chunks.documentId')
    .select('chunks.id')
    .where('chunks.documentId', 'in', [...documentIds])
    .where('chunks.tenantId', '=', scope.tenantId)
    .where('chunks.userId', '=', scope.userId)
    .where('chunks.index', '<', limit)
    .where('documents.visible', '=', true)
    .orderBy('chunks.index')
    .orderBy('chunks.ord')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}
