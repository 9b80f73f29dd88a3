import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Scope } from '@askwire/contracts'
import type { Embedder } from '@askwire/models'
import { addChunks, type NewChunk, type NewDocument, type Store, showDocument, startDocument } from '@askwire/store'
import { chunkText, type Piece } from './chunk-text.ts'
import { countTerms, toTerms } from './to-terms.ts'

/** Chunks embedded and stored at a time: small enough that a question in between waits a tenth of a second. */
const BATCH = 32

/**
 * Stores a document's text, chunks, vectors and postings, then makes it visible in place of the one with the same source.
 * Until then nothing of it is seen; a process that dies leaves an invisible rest for `dropUnfinished`. Returns its id.
 * Throws `not_found` when it is deleted meanwhile, and what the embedder throws.
 */
export async function indexDocument(
  deps: { store: Store; embedder: Embedder },
  scope: Scope,
  document: Omit<NewDocument, 'mediaType'> & { mediaType: 'text/markdown' | 'text/plain' },
  signal: AbortSignal,
): Promise<{ id: string; chunks: number }> {
  const { store, embedder } = deps
  const pieces = chunkText(document.text, document.mediaType)
  const id = await startDocument(store, scope, document)
  for (let at = 0; at < pieces.length; at += BATCH) {
    signal.throwIfAborted()
    const batch = pieces.slice(at, at + BATCH)
    const texts = batch.map((piece) => searchableText(document.text, piece))
    const vectors = await embedder.embed(texts, { purpose: 'document', signal })
    const chunks: NewChunk[] = batch.map((piece, i) => ({
      index: at + i,
      heading: piece.heading,
      page: null,
      startOffset: piece.start,
      endOffset: piece.end,
      text: document.text.slice(piece.start, piece.end),
      terms: countTerms(toTerms(texts[i] ?? '')),
      embedding: vectors[i] ?? [],
    }))
    await addChunks(store, scope, { documentId: id, embedder: embedder.id }, chunks)
    await nextTurn()
  }
  await showDocument(store, scope, id)
  return { id, chunks: pieces.length }
}

/** What a chunk is found by: the headings above it count too. */
function searchableText(text: string, { heading, start, end }: Piece): string {
  return heading === null ? text.slice(start, end) : `${heading}\n${text.slice(start, end)}`
}
