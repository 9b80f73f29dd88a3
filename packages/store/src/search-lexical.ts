import type { Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from './store.ts'
import { asScope } from './with-scope.ts'

/** Saturation of repeated terms and normalisation by length, as usual for BM25. */
const K1 = 1.2
const B = 0.75
/** Postings read for one question at most: some tens of milliseconds, also embedded. */
const MAX_POSTINGS = 20_000
/** Terms that can score: as many as a bigint has bits to say which ones a chunk holds. */
const MAX_SCORING_TERMS = 62

export type LexicalHit = { id: string; score: number; matched: string[] }
export type LexicalResult = {
  hits: LexicalHit[]
  /** Chunks of the caller. */
  chunks: number
  /** For each term asked for, in how many of the caller's chunks it occurs (counted to 20 000). */
  frequencies: ReadonlyMap<string, number>
}

/**
 * The chunks that rank best for `terms` by BM25 (Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and
 * Beyond", 2009), best first. Rarity and mean length are those of the caller's own chunks. Terms are read from the rarest
 * on, the rarest always, until 62 terms or 20 000 postings are reached: what is commoner is left out of the ranking.
 */
export async function searchLexical(
  store: Store,
  scope: Scope,
  search: {
    terms: readonly string[]
    collectionIds?: readonly string[] | undefined
    documentIds?: readonly string[] | undefined
    limit: number
  },
): Promise<LexicalResult> {
  const { tenantId, userId } = scope
  const terms = [...new Set(search.terms)]
  // Few documents are invisible at any time and most searches are not restricted, so this is cheaper than a join with all.
  const readable = search.collectionIds
    ? sql`p.document_id in (select id from documents where tenant_id = ${tenantId} and user_id = ${userId} and visible
        and collection_id = any(${[...search.collectionIds]}::uuid[]))`
    : sql`p.document_id not in (select id from documents where tenant_id = ${tenantId} and user_id = ${userId}
        and not visible)`
  const among = search.documentIds ? sql`and p.document_id = any(${[...search.documentIds]}::uuid[])` : sql``
  const { rows } = await sql<Row>`
    with corpus as materialized (
      select coalesce(sum(chunk_count), 0)::float8 as chunks,
        (sum(term_count) / nullif(sum(chunk_count), 0))::float8 as mean_length
      from documents where tenant_id = ${tenantId} and user_id = ${userId} and visible
    ), counted as materialized (
      select q.term, (
        select count(*) from (
          select from chunk_terms p where p.tenant_id = ${tenantId} and p.user_id = ${userId} and p.term = q.term
          limit ${MAX_POSTINGS}
        ) some_postings
      ) as df
      from unnest(${terms}::text[]) as q (term)
    ), weighed as materialized (
      select term, row_number() over rarest as place, mean_length,
        ln(1 + (greatest(chunks, df) - df + 0.5) / (df + 0.5)) * ${K1 + 1}::float8 as weight,
        df = sum(df) over rarest or sum(df) over rarest <= ${MAX_POSTINGS} as affordable
      from counted, corpus where df > 0 window rarest as (order by df, term)
    ), scored as (
      select p.chunk_ord, bit_or(1::bigint << w.place::int) as matched,
        sum(w.weight * p.tf / (p.tf + ${K1 * (1 - B)}::float8 + ${K1 * B}::float8 * p.length / w.mean_length)) as score
      from weighed w
        join chunk_terms p on p.tenant_id = ${tenantId} and p.user_id = ${userId} and p.term = w.term
      where w.affordable and w.place <= ${MAX_SCORING_TERMS} and ${readable} ${among}
      group by p.chunk_ord
      order by score desc, p.chunk_ord
      limit ${search.limit}
    )
    select chunks,
      (select json_object_agg(term, df) from counted) as frequencies,
      (select json_agg(json_build_object('id', c.id, 'score', s.score, 'matched',
          (select json_agg(w.term) from weighed w where s.matched & (1::bigint << w.place::int) <> 0))
          order by s.score desc, s.chunk_ord)
        from scored s join chunks c on c.ord = s.chunk_ord
          and c.tenant_id = ${tenantId} and c.user_id = ${userId}) as hits
    from corpus`.execute(asScope(store, scope))
  const row = rows[0]
  return {
    hits: row?.hits ?? [],
    chunks: row?.chunks ?? 0,
    frequencies: new Map(Object.entries(row?.frequencies ?? {})),
  }
}

type Row = { chunks: number; frequencies: Record<string, number> | null; hits: LexicalHit[] | null }
