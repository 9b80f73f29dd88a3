import type { Scope } from '@askwire/contracts'
import { sql } from 'kysely'
import type { Store } from './store.ts'

/** Saturation of repeated terms and normalisation by length, as usual for BM25. */
const K1 = 1.2
const B = 0.75
/** Postings read for one question at most; 50 000 take about 60 ms on PostgreSQL. */
const MAX_POSTINGS = 50_000

export type LexicalHit = { id: string; score: number; matched: string[] }
export type LexicalResult = {
  hits: LexicalHit[]
  /** Chunks of the caller. */
  chunks: number
  /** For each term asked for, in how many of the caller's chunks it occurs. */
  frequencies: ReadonlyMap<string, number>
}

/**
 * The chunks that rank best for `terms` by BM25 (Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and
 * Beyond", 2009), best first. Rarity and mean length are those of the caller's own chunks. Terms are read from the
 * rarest on, the rarest always, until 50 000 postings are reached: a commoner term is then left out of the ranking.
 */
export async function searchLexical(
  store: Store,
  scope: Scope,
  search: { terms: readonly string[]; collectionIds?: readonly string[] | undefined; limit: number },
): Promise<LexicalResult> {
  const { tenantId, userId } = scope
  const within = search.collectionIds ? sql`and d.collection_id = any(${[...search.collectionIds]}::uuid[])` : sql``
  const { rows } = await sql<Row>`
    with corpus as (
      select coalesce(sum(chunk_count), 0)::float8 as chunks,
        (sum(term_count) / nullif(sum(chunk_count), 0))::float8 as mean_length
      from documents where tenant_id = ${tenantId} and user_id = ${userId} and visible
    ), counted as (
      select q.term, (
        select count(*) from (
          select from chunk_terms p where p.tenant_id = ${tenantId} and p.user_id = ${userId} and p.term = q.term
          limit ${MAX_POSTINGS}
        ) some_postings
      ) as df
      from unnest(${[...new Set(search.terms)]}::text[]) as q (term)
    ), weighed as (
      select term, df, sum(df) over (order by df, term) as postings,
        ln(1 + (greatest(chunks, df) - df + 0.5) / (df + 0.5)) as idf
      from counted, corpus where df > 0
    ), scored as (
      select p.document_id, p.chunk_index, array_agg(p.term) as matched,
        sum(w.idf * p.tf * ${K1 + 1}::float8
          / (p.tf + ${K1}::float8 * (1 - ${B}::float8 + ${B}::float8 * p.length / mean_length))) as score
      from weighed w
        cross join corpus
        join chunk_terms p on p.tenant_id = ${tenantId} and p.user_id = ${userId} and p.term = w.term
        join documents d on d.id = p.document_id and d.visible ${within}
      where w.postings <= ${MAX_POSTINGS} or w.postings = w.df
      group by p.document_id, p.chunk_index
      order by score desc, p.document_id, p.chunk_index
      limit ${search.limit}
    )
    select chunks,
      (select json_object_agg(term, df) from counted) as frequencies,
      (select json_agg(json_build_object('id', c.id, 'score', s.score, 'matched', s.matched)
          order by s.score desc, c.document_id, c.index)
        from scored s join chunks c on c.document_id = s.document_id and c.index = s.chunk_index
          and c.tenant_id = ${tenantId} and c.user_id = ${userId}) as hits
    from corpus`.execute(store.db)
  const row = rows[0]
  return {
    hits: row?.hits ?? [],
    chunks: row?.chunks ?? 0,
    frequencies: new Map(Object.entries(row?.frequencies ?? {})),
  }
}

type Row = { chunks: number; frequencies: Record<string, number> | null; hits: LexicalHit[] | null }
