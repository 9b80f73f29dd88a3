import { createHash } from 'node:crypto'
import { AppError } from '@askwire/contracts'
import { type RawBuilder, sql } from 'kysely'
import type { Store } from './store.ts'

/** Which vectors are meant: those of one embedder, all of one dimension. */
export type EmbeddingSpace = { id: string; dimensions: number }

/** pgvector's HNSW indexes `vector` up to 2000 dimensions and `halfvec` up to 4000. */
const MAX_VECTOR_DIMENSIONS = 2000
const MAX_DIMENSIONS = 4000

/**
 * Makes the HNSW index of an embedder's vectors when there is none. The column holds vectors of any dimension, so each
 * embedder gets a partial index of its own over a cast. Call it before the first chunk of a new embedder: on an empty
 * space it takes milliseconds. Throws `invalid_request` for more than 4000 dimensions.
 */
export async function ensureEmbeddingIndex(store: Store, space: EmbeddingSpace): Promise<void> {
  const name = `chunks_hnsw_${createHash('sha256').update(`${space.id}/${space.dimensions}`).digest('hex').slice(0, 16)}`
  const { column, operators } = indexedAs(space)
  await store.db.transaction().execute(async (trx) => {
    // `if not exists` looks before it locks: two processes at once would make the second fail.
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx)
    await sql`create index if not exists ${sql.id(name)} on chunks
      using hnsw ((${column}) ${operators}) where embedder = ${sql.lit(space.id)}`.execute(trx)
  })
}

/** The embedding column as the index holds it, and the type a query's vector must be cast to. */
export function indexedAs(space: EmbeddingSpace): {
  column: RawBuilder<string>
  type: RawBuilder<string>
  operators: RawBuilder<string>
} {
  const { dimensions } = space
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new AppError('invalid_request', `Embeddings of ${dimensions} dimensions cannot be indexed.`)
  }
  const kind = dimensions > MAX_VECTOR_DIMENSIONS ? 'halfvec' : 'vector'
  const type = sql<string>`${sql.raw(`${kind}(${dimensions})`)}`
  return { type, column: sql<string>`embedding::${type}`, operators: sql.raw(`${kind}_cosine_ops`) }
}
