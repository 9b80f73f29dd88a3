const SHINGLE = 8
const SAMENESS = 0.8

/** Without those that say nearly the same as an earlier one: Jaccard similarity of their 8-character shingles above 0.8. */
export function dropDuplicates<T extends { text: string }>(chunks: readonly T[]): T[] {
  const kept: { chunk: T; shingles: Set<string> }[] = []
  for (const chunk of chunks) {
    const shingles = shinglesOf(chunk.text)
    if (kept.every((other) => similarity(other.shingles, shingles) <= SAMENESS)) kept.push({ chunk, shingles })
  }
  return kept.map(({ chunk }) => chunk)
}

function shinglesOf(text: string): Set<string> {
  const flat = text.replace(/\s+/g, ' ').toLowerCase()
  const shingles = new Set<string>()
  for (let at = 0; at === 0 || at + SHINGLE <= flat.length; at++) shingles.add(flat.slice(at, at + SHINGLE))
  return shingles
}

function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a]
  if (small.size < large.size * SAMENESS) return 0
  let shared = 0
  for (const shingle of small) if (large.has(shingle)) shared++
  return shared / (a.size + b.size - shared)
}
