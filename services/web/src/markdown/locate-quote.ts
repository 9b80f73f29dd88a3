/** Where a quote stands in a text, as offsets. */
export type Span = { readonly start: number; readonly end: number }

/**
 * Finds `quote` in `text`: word for word, else with any run of white space alike (a passage's line breaks may have been
 * folded). `undefined` when it is not there.
 */
export function locateQuote(text: string, quote: string): Span | undefined {
  const wanted = quote.trim()
  if (wanted === '') return undefined
  const start = text.indexOf(wanted)
  if (start >= 0) return { start, end: start + wanted.length }
  const pattern = wanted
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('\\s+')
  const match = new RegExp(pattern, 'u').exec(text)
  return match ? { start: match.index, end: match.index + match[0].length } : undefined
}
