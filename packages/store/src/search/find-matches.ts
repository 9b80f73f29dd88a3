import { sql } from 'kysely'
import type { Queryable } from '../store.ts'
import type { Match } from './cut-snippet.ts'
import type { Atom } from './parse-search.ts'

/** What is marked: words as they stand in the texts, by their lexeme, and runs of Chinese characters. */
export type LookedFor = { words: ReadonlyMap<string, string>; han: readonly string[] }

/** Chinese beside a word, without a space, is not part of it. */
const WORD = /(?:(?![\u3400-\u4dbf\u4e00-\u9fff])[\p{L}\p{N}])+/gu
const MAX_WORDS = 20_000

/**
 * Which words of these texts the index takes for what was looked for. The database is asked, which alone knows its stems; only about
 * words that begin as one of those does.
 */
export async function looksFor(db: Queryable, texts: readonly string[], wanted: readonly Atom[]): Promise<LookedFor> {
  const asked = wanted.map(({ words }) => words).join(' ')
  const beginnings = new Set([...asked.toLowerCase().matchAll(WORD)].map(([word]) => word.charAt(0)))
  const candidates = new Set<string>()
  for (const text of texts)
    for (const [word] of text.toLowerCase().matchAll(WORD))
      if (beginnings.has(word.charAt(0)) && candidates.size < MAX_WORDS) candidates.add(word)
  const han = wanted.flatMap((atom) => atom.han)
  if (candidates.size === 0) return { words: new Map(), han }
  const { rows } = await sql<{ word: string; lexeme: string }>`
    select word, lexeme from unnest(${[...candidates]}::text[]) as word
    join lateral unnest(ts_lexize('english_stem', word)) as lexeme on true
    where lexeme = any(tsvector_to_array(to_tsvector('english', ${asked})))`.execute(db)
  return { words: new Map(rows.map(({ word, lexeme }) => [word, lexeme])), han }
}

/** Where it stands in one text, in the order of places. */
export function findMatches(text: string, { words, han }: LookedFor): Match[] {
  const matches: Match[] = []
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const key = words.get(word.toLowerCase())
    if (key !== undefined) matches.push({ start: index, end: index + word.length, key })
  }
  for (const run of han)
    for (let at = text.indexOf(run); at >= 0; at = text.indexOf(run, at + run.length))
      matches.push({ start: at, end: at + run.length, key: run })
  return matches.sort((one, other) => one.start - other.start)
}
