/** What the terms of a question are worth, and what share of the question a chunk that holds some of them covers (0…1). */
export type TermWeights = { weights: ReadonlyMap<string, number>; shareOf(matched: readonly string[]): number }

const HAN = /^\p{Script=Han}+$/u
/** A single Chinese character is often half a word cut off. */
const SINGLE_CHARACTER_WORTH = 0.5

/**
 * By inverse document frequency as BM25 has it; a term that occurs nowhere weighs most, so an off-topic question stays one.
 * The share counts `words`, each with its terms: pairs of characters across two Chinese words find much but mean nothing.
 * Words of a script of which nothing occurs do not count: a Chinese question finds an English text by the names in it.
 */
export function weighTerms(
  counts: { chunks: number; frequencies: ReadonlyMap<string, number> },
  words: readonly (readonly string[])[],
): TermWeights {
  const weights = new Map<string, number>()
  for (const [term, frequency] of counts.frequencies) {
    const absent = Math.max(counts.chunks, frequency) - frequency
    weights.set(term, Math.log(1 + (absent + 0.5) / (frequency + 0.5)))
  }
  const occurs = (term: string): boolean => (counts.frequencies.get(term) ?? 0) > 0
  const [chinese, other] = [words.filter(isHan), words.filter((word) => !isHan(word))]
  const counted = [chinese, other].filter((group) => group.some((word) => word.some(occurs))).flat()
  const worthOf = (holds: (term: string) => boolean): number => {
    let sum = 0
    for (const word of counted) {
      const factor = isHan(word) && word[0]?.length === 1 ? SINGLE_CHARACTER_WORTH : 1
      for (const term of word) if (holds(term)) sum += factor * (weights.get(term) ?? 0)
    }
    return sum
  }
  const total = worthOf(() => true)
  const shareOf = (matched: readonly string[]): number => {
    const held = new Set(matched)
    return total === 0 ? 0 : worthOf((term) => held.has(term)) / total
  }
  return { weights, shareOf }
}

function isHan(word: readonly string[]): boolean {
  return HAN.test(word[0] ?? '')
}
