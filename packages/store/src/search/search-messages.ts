import type { Page, Scope, SearchHit, SearchQuery } from '@askwire/contracts'
import { type RawBuilder, sql } from 'kysely'
import { cutPage, malformedCursor } from '../cursor.ts'
import type { Queryable, Store } from '../store.ts'
import { asScope } from '../with-scope.ts'
import { cutSnippet } from './cut-snippet.ts'
import { findMatches, looksFor } from './find-matches.ts'
import { type Atom, pairsOf, parseSearch } from './parse-search.ts'

type Row = {
  kind: 'message' | 'title'
  id: string
  sessionId: string
  sessionTitle: string | null
  role: 'user' | 'assistant' | null
  content: string
  score: string
  at: Date
  asOf: string
}

/** Scores are whole numbers in SQL, so that a cursor names one exactly. */
const SCORE_UNIT = 1_000_000

/**
 * Full text search over one's own questions, answers and titles, best first; the newest thousand that match are ranked. Not in the trash
 * and not in temporary sessions. Pages are of one moment: what is written while somebody pages does not move the rest. A search for
 * nothing but what must be absent, or but for words that are everywhere, finds nothing. Throws `invalid_request` for a malformed cursor.
 */
export async function searchMessages(store: Store, scope: Scope, query: SearchQuery): Promise<Page<SearchHit>> {
  const place = query.cursor === undefined ? undefined : parseCursor(query.cursor)
  const groups = parseSearch(query.q)
  const wanted = groups.flat().filter(({ negated }) => !negated)
  if (wanted.length === 0) return { items: [], nextCursor: null }
  const db = asScope(store, scope)
  const rows = await find(db, groups, query, place)
  const { items, nextCursor } = cutPage(rows, query.limit, toCursor)
  return { items: await toHits(db, items, wanted), nextCursor }
}

async function find(
  db: Queryable,
  groups: readonly Atom[][],
  { role, tag, folderId, archived, from, to, limit }: SearchQuery,
  place: Place | undefined,
): Promise<Row[]> {
  const positive = groups.map((group) => group.filter(({ negated }) => !negated))
  const { rows } = await sql<Row>`
    select * from askwire_search(${anyOf(groups)}, ${anyOf(positive)}, ${role ?? null}::text, ${tag ?? null}::text,
      ${folderId ?? null}::uuid, ${archived ?? null}::boolean, ${from ?? null}::timestamptz, ${to ?? null}::timestamptz,
      ${place?.asOf ?? null}::bigint, ${place?.score ?? null}::bigint, ${place?.id ?? null}::uuid, ${limit + 1}::int)`.execute(
    db,
  )
  return rows
}

const EMPTY = sql<string>`''::tsquery`

/** Put together by operators, which know no syntax, from parts that have none. An empty part asks for nothing. */
function anyOf(groups: readonly (readonly Atom[])[]): RawBuilder<string> {
  const parts = groups.map((group) => sql`(${joined(group.map(toQuery), sql` && `)})`)
  return sql<string>`(${joined(parts, sql` || `)})`
}

function toQuery({ words, han, phrase, negated }: Atom): RawBuilder<unknown> {
  const parts = [
    ...(words === '' ? [] : [phrase ? phraseOf(words) : sql`plainto_tsquery('english', ${words})`]),
    ...han.map((run) => sql`${pairsOf(run).join(' & ')}::tsquery`),
  ]
  const query = sql`(${joined(parts, sql` && `)})`
  return negated ? sql`(!! ${query})` : query
}

const phraseOf = (words: string): RawBuilder<unknown> => sql`phraseto_tsquery('english', ${words})`

const joined = (parts: readonly RawBuilder<unknown>[], operator: RawBuilder<unknown>): RawBuilder<unknown> =>
  parts.length === 0 ? EMPTY : sql.join(parts, operator)

async function toHits(db: Queryable, rows: readonly Row[], wanted: readonly Atom[]): Promise<SearchHit[]> {
  const looked = await looksFor(
    db,
    rows.map(({ content }) => content),
    wanted,
  )
  return rows.map(({ kind, id, sessionId, sessionTitle, role, content, score, at }) => ({
    ...{ kind, sessionId, sessionTitle, role },
    messageId: kind === 'message' ? id : null,
    ...cutSnippet(content, findMatches(content, looked)),
    score: Number(score) / SCORE_UNIT,
    at: at.toISOString(),
  }))
}

type Place = { asOf: string; score: string; id: string }

const CURSOR = /^(\d{1,17}):(\d{1,17}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

const toCursor = ({ asOf, score, id }: Row): string => Buffer.from(`${asOf}:${score}:${id}`).toString('base64url')

function parseCursor(cursor: string): Place {
  const [, asOf, score, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (asOf !== undefined && score !== undefined && id !== undefined) return { asOf, score, id }
  throw malformedCursor('search')
}
