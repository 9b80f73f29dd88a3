import { segmentWords } from '@askwire/models'
import snowball from 'snowball-stemmers'
import { PARTICLES, STOP_WORDS } from './stop-words.ts'

const HAN = /^\p{Script=Han}+$/u
const HAN_RUNS = /\p{Script=Han}{2,}/gu
const ENGLISH_WORD = /^[a-z][a-z'’]{2,}$/
const CAMEL_CASE = /[A-Za-z]*[a-z][A-Z][A-Za-z]*/g
/** Longer words are encoded data, and an index entry has a size limit. */
const MAX_TERM_CHARS = 40
const MAX_REMEMBERED_STEMS = 20_000

const stemmer = snowball.newStemmer('english')
const stems = new Map<string, string>()

/**
 * The terms a text is found by, with repetitions and in no meaningful order; the same for documents and questions.
 * English words are stemmed (Porter's second algorithm), parts of camelCase names are added. Chinese becomes overlapping
 * pairs of characters, so that two ways of cutting a sentence into words still meet, and the dictionary words of other lengths.
 */
export function toTerms(text: string): string[] {
  const terms: string[] = []
  for (const word of contentWords(text)) {
    if (!HAN.test(word)) terms.push(stemOf(word))
    else if (word.length !== 2 || hasParticle(word)) terms.push(word)
  }
  for (const [run] of text.normalize('NFKC').matchAll(HAN_RUNS)) addPairs(run, terms)
  return terms
}

/** The different words of a question, each as the terms it may be found by: one for most, its pairs of characters for a Chinese word. */
export function toWordTerms(text: string): string[][] {
  return [...new Set(contentWords(text))].map((word) => {
    if (!HAN.test(word)) return [stemOf(word)]
    const terms: string[] = []
    addPairs(word, terms)
    return terms.length > 0 ? terms : [word]
  })
}

function contentWords(text: string): string[] {
  return segmentWords(splitNames(text)).filter((word) => !STOP_WORDS.has(word) && word.length <= MAX_TERM_CHARS)
}

/** How often each term occurs. */
export function countTerms(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  return counts
}

/** `sessionId` is found as itself and as `session id`. */
function splitNames(text: string): string {
  const parts = text.match(CAMEL_CASE)?.map((name) => name.replace(/([a-z])(?=[A-Z])/g, '$1 '))
  return parts ? `${text}\n${parts.join('\n')}` : text
}

function addPairs(run: string, terms: string[]): void {
  const characters = [...run]
  for (let i = 0; i + 1 < characters.length; i++) {
    const [left, right] = [characters[i] ?? '', characters[i + 1] ?? '']
    if (!hasParticle(left + right) && !STOP_WORDS.has(left + right)) terms.push(left + right)
  }
}

function hasParticle(word: string): boolean {
  return [...word].some((character) => PARTICLES.has(character))
}

function stemOf(word: string): string {
  if (!ENGLISH_WORD.test(word)) return word
  const known = stems.get(word)
  if (known !== undefined) return known
  // One stem takes 10 µs; the words of a collection repeat.
  if (stems.size >= MAX_REMEMBERED_STEMS) stems.clear()
  const stem = stemmer.stem(word.replaceAll('’', "'"))
  stems.set(word, stem)
  return stem
}
