/** How far an embedder's similarities can be trusted. */
export type EmbedderProfile = {
  /** Weight of the dense ranking in the fusion; the lexical one has 1. */
  weight: number
  /** A chunk that shares too few words with the question needs at least this cosine to be an answer. */
  minSimilarity: number
}

/**
 * Hashed n-grams know no meanings: on our own question set BM25 finds more alone, and up to this weight loses nothing by
 * them. Of 32 off-topic questions none came above 0.24.
 */
const OFFLINE: EmbedderProfile = { weight: 0.1, minSimilarity: 0.28 }
/** Not measured, as no model comes along: models differ in where their cosines lie, and a low bound lets through too much, not too little. */
const MODEL: EmbedderProfile = { weight: 1, minSimilarity: 0.3 }

/** By the embedder's id: the offline ones begin with `offline-`. */
export function profileOf(embedderId: string): EmbedderProfile {
  return embedderId.startsWith('offline-') ? OFFLINE : MODEL
}
