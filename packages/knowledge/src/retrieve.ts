import { AppError, type Resource, type Scope, uuid } from '@askwire/contracts'
import type { Embedder } from '@askwire/models'
import type { Logger } from '@askwire/runtime'
import {
  type FoundChunk,
  hasDocuments,
  listFirstChunks,
  loadChunks,
  requireCollections,
  type Store,
  searchDense,
  searchLexical,
} from '@askwire/store'
import { dropDuplicates } from './drop-duplicates.ts'
import { profileOf } from './embedder-profile.ts'
import { fuse } from './fuse.ts'
import { pickQuote } from './pick-quote.ts'
import { toTerms, toWordTerms } from './to-terms.ts'
import { weighTerms } from './weigh-terms.ts'

const DEFAULT_LIMIT = 6
/** Of a longer question the beginning is searched for: this much text, this many different terms. */
const MAX_QUERY_CHARS = 4000
const MAX_QUERY_TERMS = 128
/** Candidates of each ranking. */
const CANDIDATES = 50
/**
 * Share of the question (by rarity of its terms) that a chunk must hold to count as found by words. On our own question
 * set 0.1 loses no right answer of 92 and refuses 23 of 32 off-topic questions; 0.22 would lose 2 and refuse 30.
 */
const MIN_LEXICAL_SHARE = 0.1

export type RetrieveDeps = { store: Store; embedder: Embedder; logger?: Logger }
export type Retrieval = {
  query: string
  collectionIds?: readonly string[] | undefined
  /** Only these documents are searched; when none of it matches, they are shown from their beginning. */
  documentIds?: readonly string[] | undefined
  limit?: number
  signal: AbortSignal
}

/** `quote` occurs word for word in the document's text; `score` is the fused rank score, comparable within one answer only. */
export type RetrievedChunk = {
  chunkId: string
  documentId: string
  documentName: string
  heading: string | null
  page: number | null
  text: string
  score: number
  quote: string
}

/**
 * The caller's chunks that may answer a question, best first: BM25 and cosine similarity fused by reciprocal rank, without
 * near-duplicates, and without what neither shares words with the question nor is near it, so possibly none. Throws
 * `not_found` for a collection that is not the caller's own; an embedder that fails costs the dense ranking, not the answer.
 */
export async function retrieve(deps: RetrieveDeps, scope: Scope, retrieval: Retrieval): Promise<RetrievedChunk[]> {
  const { store } = deps
  const { collectionIds, documentIds, limit = DEFAULT_LIMIT, signal } = retrieval
  signal.throwIfAborted()
  await requireOwn(store, scope, collectionIds)
  // Where there is nothing, nothing is embedded and no vector compared.
  if (collectionIds?.length === 0 || !(await hasDocuments(store, scope))) return []
  const query = retrieval.query.slice(0, MAX_QUERY_CHARS).toWellFormed()
  const terms = [...new Set(toTerms(query))].slice(0, MAX_QUERY_TERMS)
  const [vector, lexical] = await Promise.all([
    embedQuery(deps, query, signal),
    searchLexical(store, scope, { terms, collectionIds, documentIds, limit: CANDIDATES }),
  ])
  const dense = vector
    ? await searchDense(store, scope, {
        ...{ embedder: deps.embedder, vector, collectionIds, documentIds, limit: CANDIDATES },
        chunks: lexical.chunks,
      })
    : []
  const { weight, minSimilarity } = profileOf(deps.embedder.id)
  const weights = weighTerms(lexical, toWordTerms(query))
  const supported = new Set(dense.filter(({ similarity }) => similarity >= minSimilarity).map(({ id }) => id))
  for (const { id, matched } of lexical.hits) if (weights.shareOf(matched) >= MIN_LEXICAL_SHARE) supported.add(id)
  const ranked = fuse([
    { ids: lexical.hits.map(({ id }) => id), weight: 1 },
    { ids: dense.map(({ id }) => id), weight },
  ]).filter(({ id }) => supported.has(id))
  // Twice as many as asked for, so that duplicates do not leave a gap.
  const matching = ranked.slice(0, limit * 2)
  // A question about a document as a whole, such as for a summary, matches no part of it.
  const candidates =
    documentIds && matching.length === 0
      ? (await listFirstChunks(store, scope, { documentIds, limit })).map((id) => ({ id, score: 0 }))
      : matching
  const found = new Map(
    (
      await loadChunks(
        store,
        scope,
        candidates.map(({ id }) => id),
      )
    ).map((chunk) => [chunk.id, chunk]),
  )
  const chunks = candidates.flatMap(({ id, score }) => {
    const chunk = found.get(id)
    return chunk ? [{ ...chunk, score }] : []
  })
  return dropDuplicates(chunks)
    .slice(0, limit)
    .map((chunk) => toRetrieved(chunk, pickQuote(chunk.text, weights.weights)))
}

/** What an answer's `[n]` cites, numbered from 1. */
export function toResources(chunks: readonly RetrievedChunk[]): Resource[] {
  return chunks.map(({ documentId, documentName, chunkId, page, score, quote }, i) => ({
    ...{ n: i + 1, documentId, documentName, chunkId, page, score, quote },
  }))
}

async function requireOwn(store: Store, scope: Scope, ids: readonly string[] | undefined): Promise<void> {
  if (ids?.some((id) => !uuid.safeParse(id).success)) throw new AppError('not_found', 'There is no such collection.')
  if (ids) await requireCollections(store, scope, ids)
}

async function embedQuery(
  deps: RetrieveDeps,
  query: string,
  signal: AbortSignal,
): Promise<readonly number[] | undefined> {
  try {
    const [vector] = await deps.embedder.embed([query], { purpose: 'query', signal })
    return vector
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error
    deps.logger?.warn({ code: error.code }, 'the embedder failed: searching by words alone')
    return undefined
  }
}

function toRetrieved(chunk: FoundChunk & { score: number }, quote: string): RetrievedChunk {
  const { id, documentId, documentName, heading, page, text, score } = chunk
  return { chunkId: id, documentId, documentName, heading, page, text, score, quote }
}
