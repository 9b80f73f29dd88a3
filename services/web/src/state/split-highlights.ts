/** A piece of a snippet: marked when it is what was searched for. */
export type SnippetPart = { readonly text: string; readonly marked: boolean }

/** A snippet cut at its highlights. What overlaps or lies outside is taken as far as it makes sense. */
export function splitHighlights(
  snippet: string,
  highlights: readonly { start: number; end: number }[],
): readonly SnippetPart[] {
  const parts: SnippetPart[] = []
  let at = 0
  for (const { start, end } of [...highlights].sort((a, b) => a.start - b.start)) {
    const from = Math.max(start, at)
    const to = Math.min(end, snippet.length)
    if (to <= from) continue
    if (from > at) parts.push({ text: snippet.slice(at, from), marked: false })
    parts.push({ text: snippet.slice(from, to), marked: true })
    at = to
  }
  if (at < snippet.length) parts.push({ text: snippet.slice(at), marked: false })
  return parts
}
