import type { Generated, GeneratedAlways } from 'kysely'

/** A named set of documents of one owner. */
export type CollectionsTable = {
  id: string
  tenantId: string
  userId: string
  name: string
  createdAt: Generated<Date>
}

export type DocumentsTable = {
  id: string
  tenantId: string
  userId: string
  collectionId: string
  name: string
  /** Where it came from, unique among the visible documents of a collection: a relative path, or a URI. */
  source: string
  mediaType: string
  /** Size of the source; a bigint, so a string here. */
  bytes: string
  /** SHA-256 of the source's bytes, hexadecimal. */
  contentHash: string
  /** Embedder and version of the indexer: when it is not today's, the document is indexed again. */
  indexedAs: string
  /** The extracted text; offsets of chunks are UTF-16 code units of it. */
  text: string
  chunkCount: Generated<number>
  /** Sum of the chunks' lengths; a bigint, so a string here. */
  termCount: Generated<string>
  /** False until every chunk is stored; nothing reads an invisible document. */
  visible: Generated<boolean>
  createdAt: Generated<Date>
  updatedAt: Generated<Date>
}

export type ChunksTable = {
  id: string
  /** The chunk's name in the inverted index; a bigint, so a string here. */
  ord: GeneratedAlways<string>
  tenantId: string
  userId: string
  documentId: string
  collectionId: string
  /** Place in its document, from 0. */
  index: number
  /** The headings above it, outermost first, joined by ` › `. */
  heading: string | null
  page: number | null
  startOffset: number
  endOffset: number
  text: string
  /** In terms, with repetitions: what BM25 normalises by. */
  length: number
  /** pgvector's text form. Of any dimension: `embedder` says which vectors may be compared. */
  embedding: string | null
  embedder: string | null
}

/** The inverted index: how often a term occurs in a chunk. `length` repeats the chunk's, so that ranking reads no chunk. */
export type ChunkTermsTable = {
  tenantId: string
  userId: string
  documentId: string
  chunkOrd: string
  length: number
  tf: number
  term: string
}
