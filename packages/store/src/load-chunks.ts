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
