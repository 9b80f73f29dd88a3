import { segmentWords } from '../segment-words.ts'
import { toUnitVector } from '../unit-vector.ts'
import { STOP_WORDS } from './stop-words.ts'

// What a match of each kind is worth. A shared word says most; parts of words find inflections, compounds and typing errors.
const WORD = 1
const STOP_WORD = 0.1
const PART = 0.35
const WIDE_CHARACTER = 0.3
const WIDE = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u
const FNV_PRIME = 0x01000193
const FNV_BASIS = 0x811c9dc5

/**
 * A text as a unit vector of hashed features: words, character 3- and 4-grams of words, and single characters and pairs in
 * Chinese and Japanese. Frequency counts sub-linearly (1 + ln tf); each feature adds to one place with a sign of its own,
 * so that collisions cancel out on average ("hashing trick", Weinberger et al. 2009).
 */
export function ngramVector(text: string, dimensions: number): number[] {
  const weights = new Map<number, { weight: number; count: number }>()
  const add = (hash: number, weight: number): void => {
    const feature = weights.get(hash)
    if (feature) feature.count += 1
    else weights.set(hash, { weight, count: 1 })
  }
  let previousWide = ''
  for (const word of segmentWords(text)) {
    const stop = STOP_WORDS.has(word)
    add(hashOf('w', word, 0, word.length), stop ? STOP_WORD : WORD)
    if (WIDE.test(word)) {
      previousWide = addWideParts(word, previousWide, add)
    } else {
      previousWide = ''
      if (!stop) addParts(`<${word}>`, add)
    }
  }
  const vector = new Array<number>(dimensions).fill(0)
  for (const [hash, { weight, count }] of weights) {
    const place = (hash >>> 1) % dimensions
    const value = weight * (1 + Math.log(count))
    vector[place] = (vector[place] ?? 0) + (hash & 1 ? value : -value)
  }
  return toUnitVector(vector)
}

function addParts(word: string, add: (hash: number, weight: number) => void): void {
  for (let length = 3; length <= 4; length += 1) {
    for (let start = 0; start + length <= word.length; start += 1) add(hashOf('p', word, start, start + length), PART)
  }
}

/** Characters and pairs, across words too: the dictionary cuts the same phrase differently in different company. */
function addWideParts(word: string, previous: string, add: (hash: number, weight: number) => void): string {
  let last = previous
  for (const character of word) {
    if (!STOP_WORDS.has(character)) add(hashOf('c', character, 0, character.length), WIDE_CHARACTER)
    if (last) add(hashOf('d', last + character, 0, last.length + character.length), PART)
    last = character
  }
  return last
}

/** FNV-1a over UTF-16 units of a slice, with a final mix so that the low bits (place and sign) are independent. */
function hashOf(kind: string, text: string, start: number, end: number): number {
  let hash = Math.imul(FNV_BASIS ^ kind.charCodeAt(0), FNV_PRIME)
  for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
