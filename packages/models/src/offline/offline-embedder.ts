import { AppError } from '@askwire/contracts'
import type { Embedder } from '../ports.ts'
import { ngramVector } from './ngram-vector.ts'

const DIMENSIONS = 384
/** Texts embedded before the event loop gets its turn: about 10 ms of work. */
const TEXTS_PER_TURN = 32

/**
 * Embeddings without a model, a key or a network: hashed n-grams of words. It finds shared words and word parts, not
 * meanings; English and Chinese alike. The same text has the same vector on every machine.
 */
export function createOfflineEmbedder(): Embedder {
  return {
    id: `offline-ngram-${DIMENSIONS}`,
    dimensions: DIMENSIONS,
    async embed(texts, { signal }) {
      const vectors: number[][] = []
      for (const text of texts) {
        if (signal.aborted) throw new AppError('cancelled', 'The embedding was stopped.')
        vectors.push(ngramVector(text, DIMENSIONS))
        if (vectors.length % TEXTS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      return vectors
    },
  }
}
