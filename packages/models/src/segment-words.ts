// The dictionary for scripts without spaces is chosen by script, not by this locale.
const segmenter = new Intl.Segmenter('en', { granularity: 'word' })
const JOINERS = /[._]+/

/**
 * The words of a text in their order, for indexing and searching alike: NFKC, lower case, no punctuation; Chinese, Japanese
 * and Thai by dictionary (Unicode UAX #29 and ICU). Names joined by dots or underscores come apart: `node.js` → `node`, `js`.
 */
export function segmentWords(text: string): string[] {
  const words: string[] = []
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC').toLowerCase())) {
    if (!isWordLike) continue
    if (!JOINERS.test(segment)) words.push(segment)
    else for (const part of segment.split(JOINERS)) if (part) words.push(part)
  }
  return words
}
