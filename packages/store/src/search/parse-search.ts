/** One thing that is looked for: words, which need not stand together unless `phrase`, and runs of Chinese characters, which must. */
export type Atom = { words: string; han: string[]; phrase: boolean; negated: boolean }

const MAX_ATOMS = 40
const HAN_RUN = /[\u3400-\u4dbf\u4e00-\u9fff]+/g
/** `-` before a word or a quote; a quote that is never closed reaches to the end. */
const PART = /(-?)"([^"]*)(?:"|$)|(-?)([^\s"]+)/g

/**
 * What somebody typed into a search field, as people know it from the web: words (all of them), "words that stand together", -without,
 * this OR that. Any text at all is a search. The groups are alternatives; each holds what must all be found.
 */
export function parseSearch(text: string): Atom[][] {
  const groups: Atom[][] = [[]]
  let atoms = 0
  for (const [, quotedMinus, quoted, minus, bare] of text.matchAll(PART)) {
    if (bare === 'OR' && minus === '') {
      groups.push([])
      continue
    }
    const atom = toAtom(quoted ?? bare ?? '', quoted !== undefined, (quotedMinus ?? minus) === '-')
    if (!atom || atoms >= MAX_ATOMS) continue
    atoms += 1
    groups.at(-1)?.push(atom)
  }
  return groups.filter((group) => group.length > 0)
}

function toAtom(text: string, phrase: boolean, negated: boolean): Atom | undefined {
  const han = text.match(HAN_RUN) ?? []
  const words = text.replace(HAN_RUN, ' ').trim()
  return /[\p{L}\p{N}]/u.test(words) || han.length > 0 ? { words, han, phrase, negated } : undefined
}

/** The lexemes of a run of Chinese characters as they are indexed: pairs; one alone is the beginning of a pair. */
export function pairsOf(run: string): string[] {
  if (run.length === 1) return [`${run}:*`]
  return Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2))
}
