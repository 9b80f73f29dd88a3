import { readMarkdownBlocks } from './read-blocks.ts'
import { type Span, sentenceSpans } from './split-block.ts'
import { toTerms } from './to-terms.ts'

const MAX_QUOTE_CHARS = 300
/** A shorter sentence is quoted with a neighbour. */
const SHORT_CHARS = 60
const CLAUSE_END = /(?<=[,;:，；：、|])/
/** A list's mark, a quotation's, a table's border: in front of what is quoted, not part of it. */
const LEADING_MARKS = /^(?:\s|[-*+>|](?=\s)|\d{1,9}[.)](?=\s))+/

type Candidate = Span & { block: number; terms: Set<string> }

/**
 * The sentence or two of a chunk nearest to the question: at most 300 characters, an exact substring of `text`. `weights`
 * says what each term of the question is worth.
 */
export function pickQuote(text: string, weights: ReadonlyMap<string, number>): string {
  const candidates = candidatesOf(text)
  let best = 0
  for (const [i, candidate] of candidates.entries()) {
    if (worth(candidate.terms, weights) > worth(candidates[best]?.terms, weights)) best = i
  }
  const chosen = candidates[best]
  if (!chosen) return clip(text.trim(), weights)
  const span = widen(candidates, best, weights)
  const quote = text.slice(span.start, span.end)
  return clip(quote.replace(LEADING_MARKS, '').trim() || quote.trim(), weights)
}

/** Sentences of prose, lines of all else; headings only when there is nothing below them. */
function candidatesOf(text: string): Candidate[] {
  const blocks = readMarkdownBlocks(text)
  const body = blocks.filter(({ kind }) => kind !== 'heading')
  return (body.length > 0 ? body : blocks).flatMap((block, index) => {
    const spans = block.kind === 'paragraph' ? sentenceSpans(text, block) : lines(text, block)
    return spans
      .filter(({ start, end }) => /[\p{L}\p{N}]/u.test(text.slice(start, end)))
      .map((span) => ({ ...span, block: index, terms: new Set(toTerms(text.slice(span.start, span.end))) }))
  })
}

function lines(text: string, { start, end }: Span): Span[] {
  const spans: Span[] = []
  for (let from = start; from < end; ) {
    const found = text.indexOf('\n', from)
    const to = found === -1 || found > end ? end : found
    spans.push({ start: from, end: to })
    from = to + 1
  }
  return spans
}

/** Takes a neighbour along that says more of what was asked, or any when the sentence is short. */
function widen(candidates: readonly Candidate[], at: number, weights: ReadonlyMap<string, number>): Span {
  const chosen = candidates[at] as Candidate
  const own = worth(chosen.terms, weights)
  const short = chosen.end - chosen.start < SHORT_CHARS
  let span: Span = chosen
  let gain = short ? -1 : 0
  for (const neighbour of [candidates[at + 1], candidates[at - 1]]) {
    if (neighbour?.block !== chosen.block) continue
    const both = { start: Math.min(chosen.start, neighbour.start), end: Math.max(chosen.end, neighbour.end) }
    const more = worth(new Set([...chosen.terms, ...neighbour.terms]), weights) - own
    if (both.end - both.start > MAX_QUOTE_CHARS || more <= gain) continue
    span = both
    gain = more
  }
  return span
}

/** A sentence above the limit gives its best run of clauses, a clause above it its beginning. */
function clip(quote: string, weights: ReadonlyMap<string, number>): string {
  if (quote.length <= MAX_QUOTE_CHARS) return quote
  const clauses = quote.split(CLAUSE_END)
  let best = { text: '', worth: -1 }
  for (let first = 0; first < clauses.length; first++) {
    let run = ''
    for (let at = first; at < clauses.length && run.length + (clauses[at]?.length ?? 0) <= MAX_QUOTE_CHARS; at++) {
      run += clauses[at]
    }
    if (run === '') run = (clauses[first] ?? '').slice(0, MAX_QUOTE_CHARS)
    const value = worth(new Set(toTerms(run)), weights)
    if (value > best.worth) best = { text: run, worth: value }
  }
  return best.text.trim().replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')
}

function worth(terms: ReadonlySet<string> | undefined, weights: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const term of terms ?? []) sum += weights.get(term) ?? 0
  return sum
}
