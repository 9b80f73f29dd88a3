import { MAX_SUMMARY_CHARS } from '../limits.ts'

/** Characters kept of each message. */
const TURN_CHARS = 160
/** The summary there was keeps at most this share of the room. */
const EARLIER_SHARE = 0.4

/**
 * A summary without a model: the earlier one, and of each message how it begins. When that is too long, the older messages go: what
 * was said last tells more.
 */
export function summariseByRule(
  earlier: string | undefined,
  turns: readonly { role: 'user' | 'assistant'; content: string }[],
): string {
  const head = earlier === undefined ? '' : `${cut(earlier, Math.floor(MAX_SUMMARY_CHARS * EARLIER_SHARE))}\n`
  const lines = turns.map(({ role, content }) => `${role === 'user' ? 'Q' : 'A'}: ${beginning(content)}`)
  let room = MAX_SUMMARY_CHARS - head.length
  const kept: string[] = []
  for (const line of lines.toReversed()) {
    room -= line.length + 1
    if (room < 0) break
    kept.unshift(line)
  }
  return `${head}${kept.join('\n')}`.trim()
}

/** The first sentence, on one line. */
function beginning(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const end = line.search(/[.!?](?=\s|$)|[。！？]/)
  return cut(end > 0 ? line.slice(0, end + 1) : line, TURN_CHARS)
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`
}
