import type { Passage } from '../ports.ts'
import { searchTerms } from './search-terms.ts'
import { splitSentences } from './split-sentences.ts'

/** A sentence to be quoted and the passage it is from. */
export type Quote = { n: number; text: string }

type Candidate = Quote & { passage: number; position: number; terms: ReadonlySet<string>; score: number }

const MOST_QUOTES = 4
const MOST_CHARACTERS = 900
const LONGEST_QUOTE = 360
/** Weight of a question's term that only the headings say: a section is about its heading in every sentence. */
const HEADING = 0.75
/** Weight of a term that only the sentence before says. */
const CONTEXT = 0.4
/** What is said first under a heading says most of it; so much of the heading's weight each later sentence loses. */
const LATER = 0.1
// Shares of what the question asks for, by rarity of its words. Tried on the design documents of this project: below these
// the best sentence was about something else.
const LEAST_OWN = 0.12
/** A section whose headings say this much of the question is about it, also where a sentence repeats none of its words. */
const ON_TOPIC = 0.5
const LEAST_SCORE = 0.25
/** A further sentence must come this near to the best one. */
const NEARNESS = 0.6
/** Two sentences that share this much say the same (overlapping chunks, repeated notices). */
const SAMENESS = 0.7

/**
 * The one to four sentences of the passages that answer the question best, the passage of the best one first and each
 * passage in its own order; none when nothing is about it. Terms count by their rarity among the sentences (inverse
 * document frequency, Spärck Jones 1972).
 */
export function chooseSentences(question: string, passages: readonly Passage[]): Quote[] {
  const asked = searchTerms(question)
  if (asked.size === 0) return []
  const sentences = passages.flatMap(({ n, documentName, heading, text }, passage) =>
    splitSentences(text, heading ?? documentName).map((sentence, position) => ({
      ...sentence,
      n,
      passage,
      position,
      terms: termsOf(sentence.text),
      headingTerms: termsOf(sentence.section),
      previousTerms: termsOf(sentence.previous),
    })),
  )
  const weights = weigh(asked, sentences)
  const total = sum([...weights.values()])
  const shareOf = (holds: (term: string) => boolean): number =>
    sum([...weights].map(([term, weight]) => (holds(term) ? weight : 0))) / total
  const candidates: Candidate[] = []
  for (const { n, text, tabular, passage, position, terms, headingTerms, previousTerms } of sentences) {
    const own = shareOf((term) => terms.has(term))
    if (own < LEAST_OWN && shareOf((term) => headingTerms.has(term)) < ON_TOPIC) continue
    const heading = shareOf((term) => headingTerms.has(term) && !terms.has(term))
    const before = shareOf((term) => previousTerms.has(term) && !terms.has(term) && !headingTerms.has(term))
    const said = own + HEADING * heading * (1 - LATER * Math.min(position, 5)) + CONTEXT * before
    const score = said * worthOf(text, tabular) + 0.02 / (passage + 1)
    if (score >= LEAST_SCORE) candidates.push({ n, text, passage, position, terms, score })
  }
  return pick(candidates.sort((a, b) => b.score - a.score))
}

function weigh(
  asked: ReadonlyMap<string, number>,
  sentences: readonly { terms: ReadonlySet<string> }[],
): Map<string, number> {
  const weights = new Map<string, number>()
  for (const [term, weight] of asked) {
    const holding = sentences.filter(({ terms }) => terms.has(term)).length
    weights.set(term, weight * Math.log(1 + (sentences.length - holding + 0.5) / (holding + 0.5)))
  }
  return weights
}

const termsOf = (text: string): ReadonlySet<string> => new Set(searchTerms(text).keys())

/** A fragment says little, a row of a table not much more, and what is very long is rarely to the point. */
function worthOf(text: string, tabular: boolean): number {
  if (tabular) return 0.7
  if (/[?？]$/.test(text)) return 0.3
  if (text.length > LONGEST_QUOTE) return 0.8
  return searchTerms(text).size < 4 ? 0.6 : 1
}

function pick(ranked: readonly Candidate[]): Quote[] {
  const best = ranked[0]
  if (!best) return []
  const chosen: Candidate[] = []
  let characters = 0
  for (const candidate of ranked) {
    if (chosen.length === MOST_QUOTES || candidate.score < best.score * NEARNESS) break
    if (chosen.some(({ terms }) => overlap(terms, candidate.terms) >= SAMENESS)) continue
    if (chosen.length > 0 && characters + candidate.text.length > MOST_CHARACTERS) continue
    characters += candidate.text.length
    chosen.push(candidate)
  }
  return chosen
    .sort(
      (a, b) =>
        Number(b.passage === best.passage) - Number(a.passage === best.passage) ||
        a.passage - b.passage ||
        a.position - b.position,
    )
    .map(({ n, text }) => ({ n, text: shorten(text) }))
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((term) => b.has(term)).length
  return shared / Math.max(1, Math.min(a.size, b.size))
}

function shorten(text: string): string {
  if (text.length <= LONGEST_QUOTE) return text
  const cut = text.slice(0, LONGEST_QUOTE)
  const space = cut.lastIndexOf(' ')
  return `${space > LONGEST_QUOTE / 2 ? cut.slice(0, space) : cut} …`
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
