import { segmentWords } from '../segment-words.ts'
import { STOP_WORDS } from './stop-words.ts'

const WIDE = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u
const SUFFIX = /(?:ations?|ingly|ings?|edly|ed|ers?|ions?|ies|es|ly|s|e|y)$/
const SHORTEST_STEM = 3
const WORD = 1
const CHARACTER = 0.3
const PAIR = 0.5

/**
 * What a text is about, as terms with weights: words without stop words, English ones cut back to a stem; in Chinese and
 * Japanese also pairs of characters, as the dictionary cuts the same phrase differently in different company.
 */
export function searchTerms(text: string): Map<string, number> {
  const terms = new Map<string, number>()
  let previous = ''
  for (const word of segmentWords(text)) {
    if (STOP_WORDS.has(word)) {
      previous = ''
    } else if (WIDE.test(word)) {
      const run = previous + word
      terms.set(word, word.length > 1 ? WORD : CHARACTER)
      for (let i = 0; i + 2 <= run.length; i += 1) {
        const pair = run.slice(i, i + 2)
        if (!terms.has(pair)) terms.set(pair, PAIR)
      }
      previous = word.slice(-1)
    } else {
      terms.set(stem(word), WORD)
      previous = ''
    }
  }
  return terms
}

function stem(word: string): string {
  const bare = word.replace(/['’]s?$/, '')
  const cut = bare.replace(SUFFIX, '')
  return cut.length >= SHORTEST_STEM ? cut : bare
}
