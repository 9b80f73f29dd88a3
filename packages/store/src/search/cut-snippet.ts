/** Where something that was looked for stands in a text, in UTF-16 code units; `key` is what it was. */
export type Match = { start: number; end: number; key: string }
export type Snippet = { snippet: string; highlights: { start: number; end: number }[] }

const MAX_LENGTH = 240
/** So much of the text before the first match is shown. */
const LEAD = 60
const MAX_HIGHLIGHTS = 50
const CUT = '…'

/**
 * The part of a text, on one line, in which the most different matches stand together (the first such), and their places in it. Nothing
 * is cut in the middle of a character, nor of a word where there is a space near.
 */
export function cutSnippet(text: string, matches: readonly Match[]): Snippet {
  const first = bestOf(matches)?.start ?? 0
  const start = startAt(text, Math.max(0, first - LEAD), first)
  const end = endAt(text, start + MAX_LENGTH)
  const before = start > 0 ? CUT : ''
  const shift = before.length - start
  return {
    snippet: before + text.slice(start, end).replace(/\s/g, ' ') + (end < text.length ? CUT : ''),
    highlights: merge(matches.filter((match) => match.start >= start && match.end <= end))
      .slice(0, MAX_HIGHLIGHTS)
      .map((match) => ({ start: match.start + shift, end: match.end + shift })),
  }
}

/** `matches` MUST be in the order of their places. */
function bestOf(matches: readonly Match[]): Match | undefined {
  let best: Match | undefined
  let most = 0
  for (const [at, match] of matches.entries()) {
    const keys = new Set<string>()
    for (let next = at; next < matches.length; next += 1) {
      const other = matches[next]
      if (!other || other.end > match.start + MAX_LENGTH - LEAD) break
      keys.add(other.key)
    }
    if (keys.size > most) [best, most] = [match, keys.size]
  }
  return best
}

function startAt(text: string, from: number, first: number): number {
  if (from === 0) return 0
  const space = text.slice(from, first).search(/\s/)
  return whole(text, space >= 0 ? from + space + 1 : from)
}

function endAt(text: string, to: number): number {
  if (to >= text.length) return text.length
  const space = text.slice(to - LEAD, to).search(/\s\S*$/)
  return whole(text, space > 0 ? to - LEAD + space : to)
}

/** Not between the two halves of a character. */
const whole = (text: string, at: number): number => (/[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at)

function merge(matches: readonly Match[]): { start: number; end: number }[] {
  const merged: { start: number; end: number }[] = []
  for (const { start, end } of matches) {
    const last = merged.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}
