import type { Scope } from '@askwire/contracts'
import { type RawBuilder, sql } from 'kysely'
import { type EmbeddingSpace, indexedAs } from './embedding-index.ts'
import type { Queryable, Store } from './store.ts'
import { toVector } from './to-vector.ts'
import { asScope, withScope } from './with-scope.ts'

/** Up to this many chunks an owner's vectors are all compared: exact, within some 20 ms. HNSW found 66–76 of 100 in 20 000 synthetic ones. */
const EXACT_UP_TO = 10_000
/** Beyond this even an incomplete answer of the index is not made up for. */
const FALL_BACK_UP_TO = 50_000
/** Candidates the index keeps in view, and how many vectors it may look at before it gives up on the filter. */
const EF_SEARCH = 200
const MAX_SCAN_TUPLES = 40_000

export type DenseHit = { id: string; similarity: number }
export type DenseSearch = {
  embedder: EmbeddingSpace
  vector: readonly number[]
  collectionIds?: readonly string[] | undefined
  documentIds?: readonly string[] | undefined
  limit: number
  /** Chunks of the caller, as `searchLexical` counts them: decides between comparing all and the index. */
  chunks: number
  /** Above this many chunks the index is asked; for tests. */
  exactUpTo?: number
}

/**
 * The caller's chunks nearest to `vector` by cosine, nearest first; only vectors of the same embedder. Large collections
 * are searched through HNSW, which may miss some; when its filter leaves too few, all are compared.
 */
export async function searchDense(store: Store, scope: Scope, search: DenseSearch): Promise<DenseHit[]> {
  // A few documents are compared whole, however many others there are.
  if (search.documentIds || search.chunks <= (search.exactUpTo ?? EXACT_UP_TO))
    return await run(asScope(store, scope), exactQuery(scope, search))
  const near = await withScope(store, scope, async (trx) => {
    await prepareIndexScan(store, trx)
    return await run(trx, indexQuery(scope, search))
  })
  if (near.length >= search.limit || search.chunks > FALL_BACK_UP_TO) return near
  return await run(asScope(store, scope), exactQuery(scope, search))
}

async function run(db: Queryable, query: RawBuilder<DenseHit>): Promise<DenseHit[]> {
  return (await query.execute(db)).rows
}

/** Without the cast no index fits, so every vector that passes the filter is compared. */
function exactQuery(scope: Scope, search: DenseSearch): RawBuilder<DenseHit> {
  const distance = sql`c.embedding <=> ${toVector(search.vector)}::vector`
  return sql<DenseHit>`
    select c.id, 1 - (${distance}) as similarity
    from chunks c join documents d on d.id = c.document_id and d.visible
    where ${owned(scope, search)} and c.embedder = ${search.embedder.id}
    order by ${distance} limit ${search.limit}`
}

/**
 * The order and the literal embedder are those of the index. Visibility is looked up per candidate (`offset 0` keeps it a
 * sub-plan): as a join it could make the planner sort all vectors instead.
 */
export function indexQuery(scope: Scope, search: DenseSearch): RawBuilder<DenseHit> {
  const { column, type } = indexedAs(search.embedder)
  const distance = sql`(c.${column}) <=> ${toVector(search.vector)}::${type}`
  return sql<DenseHit>`
    select c.id, 1 - (${distance}) as similarity
    from chunks c
    where ${owned(scope, search)} and c.embedder = ${sql.lit(search.embedder.id)}
      and (select d.visible from documents d where d.id = c.document_id offset 0)
    order by ${distance} limit ${search.limit}`
}

function owned(scope: Scope, search: DenseSearch): RawBuilder<boolean> {
  const within = search.collectionIds ? sql`and c.collection_id = any(${[...search.collectionIds]}::uuid[])` : sql``
  const among = search.documentIds ? sql`and c.document_id = any(${[...search.documentIds]}::uuid[])` : sql``
  return sql<boolean>`c.tenant_id = ${scope.tenantId} and c.user_id = ${scope.userId} ${within} ${among}`
}

const versions = new WeakMap<Store, Promise<boolean>>()

/** Settings of the transaction. Older pgvector has no iterative scan: its filter may leave fewer than asked for. */
async function prepareIndexScan(store: Store, trx: Queryable): Promise<void> {
  let iterative = versions.get(store)
  if (!iterative) {
    iterative = hasIterativeScan(trx)
    versions.set(store, iterative)
    iterative.catch(() => versions.delete(store))
  }
  const settings: [string, string][] = [['hnsw.ef_search', String(EF_SEARCH)]]
  if (await iterative) {
    settings.push(['hnsw.iterative_scan', 'strict_order'], ['hnsw.max_scan_tuples', String(MAX_SCAN_TUPLES)])
  }
  await sql`select ${sql.join(settings.map(([name, value]) => sql`set_config(${name}, ${value}, true)`))}`.execute(trx)
}

async function hasIterativeScan(db: Queryable): Promise<boolean> {
  const { rows } = await sql<{ iterative: boolean }>`
    select string_to_array(extversion, '.')::int[] >= array[0, 8] as iterative
    from pg_extension where extname = 'vector'`.execute(db)
  return rows[0]?.iterative ?? false
}
