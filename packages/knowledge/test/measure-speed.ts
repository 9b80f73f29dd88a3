import { newId } from '@askwire/contracts'
import type { Embedder } from '@askwire/models'
import { ensureCollection, ensureEmbeddingIndex, ensureOwner, refreshStatistics, type Store } from '@askwire/store'
import { indexDocument } from '../src/index-document.ts'
import { retrieve } from '../src/retrieve.ts'

const SYLLABLES =
  'ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru'.split(' ')
const VOCABULARY = 20_000
const CHUNKS_PER_DOCUMENT = 40
const QUERIES = 40

export type Speed = { chunks: number; indexMsPerChunk: number; queryP50Ms: number; queryP95Ms: number }

/** Indexes synthetic text (words as rare as in a language: Zipf) and asks it eight words at a time. */
export async function measureSpeed(
  deps: { store: Store; embedder: Embedder },
  chunks: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<Speed> {
  const { store, embedder } = deps
  const signal = AbortSignal.timeout(30 * 60_000)
  const scope = { tenantId: newId(), userId: newId() }
  await ensureOwner(store, scope)
  await ensureEmbeddingIndex(store, embedder)
  const { id: collectionId } = await ensureCollection(store, scope, 'synthetic')
  const words = randomWords()
  let done = 0
  let indexMs = 0
  while (done < chunks) {
    const count = Math.min(CHUNKS_PER_DOCUMENT, chunks - done)
    const text = Array.from({ length: count }, () => paragraph(words)).join('\n\n')
    const about = { collectionId, name: `${done}`, source: `${done}`, mediaType: 'text/plain' as const, indexedAs: '' }
    const started = performance.now()
    done += (await indexDocument(deps, scope, { ...about, bytes: text.length, contentHash: '', text }, signal)).chunks
    indexMs += performance.now() - started
    onProgress(done)
  }
  await refreshStatistics(store)
  const times: number[] = []
  for (let i = 0; i < QUERIES; i++) {
    const query = Array.from({ length: 8 }, words).join(' ')
    const started = performance.now()
    await retrieve(deps, scope, { query, signal })
    times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.floor(QUERIES * share)] ?? 0
  return { chunks: done, indexMsPerChunk: indexMs / done, queryP50Ms: at(0.5), queryP95Ms: at(0.95) }
}

/** Always the same sequence; the n-th commonest word comes about 1/n as often as the commonest. */
function randomWords(): () => string {
  let seed = 1
  return () => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    let rank = Math.floor(Math.exp((seed / 0x7fffffff) * Math.log(VOCABULARY))) + SYLLABLES.length
    let word = ''
    for (; rank > 0; rank = Math.floor(rank / SYLLABLES.length)) word += SYLLABLES[rank % SYLLABLES.length]
    return word
  }
}

function paragraph(words: () => string): string {
  return Array.from({ length: 10 }, () => `${Array.from({ length: 14 }, words).join(' ')}.`).join(' ')
}
