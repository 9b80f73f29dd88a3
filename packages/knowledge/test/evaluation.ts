import { readFileSync } from 'node:fs'
import { newId, type Scope } from '@askwire/contracts'
import { createOfflineEmbedder, type Embedder } from '@askwire/models'
import {
  ensureCollection,
  ensureEmbeddingIndex,
  ensureOwner,
  IN_MEMORY,
  loadChunks,
  migrate,
  openStore,
  type Store,
  searchDense,
  searchLexical,
} from '@askwire/store'
import { indexDocument } from '../src/index-document.ts'
import { retrieve } from '../src/retrieve.ts'
import { toTerms } from '../src/to-terms.ts'

/** Askwire's own question set: passages by name, questions with the passage that answers them, questions that none answers. */
export type QuestionSet = {
  passages: Record<string, string>
  questions: [question: string, passage: string][]
  unrelated: string[]
}
export const LANGUAGES = ['english', 'chinese'] as const

export type Measures = { hit1: number; hit5: number; mrr: number }
/** The names of passages, best first. */
export type Ranker = (question: string) => Promise<string[]>

export function readQuestionSet(language: (typeof LANGUAGES)[number]): QuestionSet {
  return JSON.parse(readFileSync(new URL(`fixtures/${language}.json`, import.meta.url), 'utf8'))
}

/** Indexes every passage as a document of its own, named after it, for a new owner. */
export async function indexPassages(deps: { store: Store; embedder: Embedder }, set: QuestionSet): Promise<Scope> {
  const scope = { tenantId: newId(), userId: newId() }
  await ensureOwner(deps.store, scope)
  await ensureEmbeddingIndex(deps.store, deps.embedder)
  const { id: collectionId } = await ensureCollection(deps.store, scope, 'passages')
  for (const [name, text] of Object.entries(set.passages)) {
    const about = { collectionId, name, source: name, mediaType: 'text/plain' as const, bytes: Buffer.byteLength(text) }
    const document = { ...about, contentHash: name, indexedAs: 'evaluation', text }
    await indexDocument(deps, scope, document, AbortSignal.timeout(30_000))
  }
  return scope
}

export async function measure(set: QuestionSet, ranker: Ranker): Promise<Measures & { missed: string[] }> {
  const sums = { hit1: 0, hit5: 0, mrr: 0 }
  const missed: string[] = []
  for (const [question, passage] of set.questions) {
    const rank = (await ranker(question)).indexOf(passage) + 1
    if (rank === 1) sums.hit1++
    else missed.push(`${question} → ${passage}: ${rank === 0 ? 'not found' : `rank ${rank}`}`)
    if (rank >= 1 && rank <= 5) sums.hit5++
    if (rank >= 1) sums.mrr += 1 / rank
  }
  const n = set.questions.length
  return { hit1: sums.hit1 / n, hit5: sums.hit5 / n, mrr: sums.mrr / n, missed }
}

/** Each way of ranking on its own, and all of it together as users get it. */
export function rankersOf(deps: { store: Store; embedder: Embedder }, scope: Scope) {
  const { store, embedder } = deps
  const signal = AbortSignal.timeout(120_000)
  const names = async (ids: string[]): Promise<string[]> => {
    const chunks = new Map((await loadChunks(store, scope, ids)).map((chunk) => [chunk.id, chunk.documentName]))
    return ids.map((id) => chunks.get(id) ?? '')
  }
  return {
    bm25: async (question) => {
      const { hits } = await searchLexical(store, scope, { terms: toTerms(question), limit: 10 })
      return await names(hits.map(({ id }) => id))
    },
    dense: async (question) => {
      const [vector = []] = await embedder.embed([question], { purpose: 'query', signal })
      const hits = await searchDense(store, scope, { embedder, vector, limit: 10, chunks: 0 })
      return await names(hits.map(({ id }) => id))
    },
    fused: async (question) => {
      const chunks = await retrieve(deps, scope, { query: question, limit: 10, signal })
      return chunks.map(({ documentName }) => documentName)
    },
    'ts_rank, all words': async (question) => await byTsRank(store, scope, question, 'q'),
    'ts_rank, any word': async (question) =>
      await byTsRank(store, scope, question, "replace(q::text, '&', '|')::tsquery"),
  } satisfies Record<string, Ranker>
}

/** PostgreSQL's own full-text search, for comparison; `match` makes the query out of `q`. */
async function byTsRank(store: Store, scope: Scope, question: string, match: string): Promise<string[]> {
  const { rows } = await store.pool.query<{ name: string }>(
    `select d.name from chunks c join documents d on d.id = c.document_id,
      lateral (select to_tsvector('english', c.text) as words) w,
      lateral (select ${match} as query from plainto_tsquery('english', $3) q) m
    where c.tenant_id = $1 and c.user_id = $2 and words @@ query order by ts_rank(words, query) desc limit 10`,
    [scope.tenantId, scope.userId, question],
  )
  return rows.map(({ name }) => name)
}

/** How many questions that nothing answers do find nothing. */
export async function countRefused(
  deps: { store: Store; embedder: Embedder },
  scope: Scope,
  questions: readonly string[],
): Promise<number> {
  const signal = AbortSignal.timeout(60_000)
  let refused = 0
  for (const query of questions) if ((await retrieve(deps, scope, { query, signal })).length === 0) refused++
  return refused
}

/** A migrated store and the offline embedder, for a benchmark: embedded in memory, or a server's database. */
export async function openForBench(url?: string): Promise<{ store: Store; embedder: Embedder }> {
  const store = await openStore(url === undefined ? { dataDir: IN_MEMORY } : { url, statementTimeoutMs: 60_000 })
  await migrate(store)
  return { store, embedder: createOfflineEmbedder() }
}
