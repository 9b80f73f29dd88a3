/** A piece of a document's structure: `text.slice(start, end)`, without the line break after it. */
export type Block =
  | { kind: 'heading'; start: number; end: number; level: number; title: string }
  | { kind: 'paragraph' | 'code' | 'table' | 'list'; start: number; end: number }

type Line = { start: number; end: number; text: string }

const FENCE = /^\s*(`{3,}|~{3,})/
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/
const LIST_ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/
const INDENTED = /^(?: {2,}|\t)/
const TABLE_ROW = /^ {0,3}\|/
const TABLE_RULE = /^[\s|:-]*-[\s|:-]*\|[\s|:-]*$/

/** The blocks of a Markdown text in their order (CommonMark's, as far as chunking needs them; with GitHub's tables). */
export function readMarkdownBlocks(text: string): Block[] {
  const lines = readLines(text)
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] as Line
    if (isBlank(line)) {
      at++
      continue
    }
    const { block, next } = readBlock(lines, at)
    blocks.push(block)
    at = next
  }
  return blocks
}

/** The paragraphs of a plain text: what blank lines part. */
export function readPlainBlocks(text: string): Block[] {
  const lines = readLines(text)
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    const next = isBlank(lines[at]) ? at + 1 : endWhere(lines, at + 1, isBlank)
    if (!isBlank(lines[at])) blocks.push(blockOf('paragraph', lines, at, next))
    at = next
  }
  return blocks
}

function readBlock(lines: readonly Line[], at: number): { block: Block; next: number } {
  const line = lines[at] as Line
  const heading = HEADING.exec(line.text)
  if (heading) {
    const title = plainTitle(heading[2] ?? '')
    return {
      block: { kind: 'heading', start: line.start, end: line.end, level: heading[1]?.length ?? 1, title },
      next: at + 1,
    }
  }
  const close = (kind: 'paragraph' | 'code' | 'table' | 'list', next: number) => ({
    block: blockOf(kind, lines, at, next),
    next,
  })
  if (FENCE.test(line.text)) return close('code', endOfFence(lines, at))
  if (isTableStart(lines, at)) return close('table', endWhere(lines, at + 1, isBlank))
  if (LIST_ITEM.test(line.text)) return close('list', endOfList(lines, at))
  const underline = UNDERLINE.exec(lines[at + 1]?.text ?? '')
  if (underline) {
    const level = underline[1]?.startsWith('=') ? 1 : 2
    const end = lines[at + 1]?.end ?? line.end
    return { block: { kind: 'heading', start: line.start, end, level, title: plainTitle(line.text) }, next: at + 2 }
  }
  const endsParagraph = (other: Line | undefined, index: number): boolean =>
    isBlank(other) ||
    HEADING.test(other.text) ||
    FENCE.test(other.text) ||
    LIST_ITEM.test(other.text) ||
    isTableStart(lines, index)
  return close('paragraph', endWhere(lines, at + 1, endsParagraph))
}

function endOfFence(lines: readonly Line[], at: number): number {
  const fence = FENCE.exec(lines[at]?.text ?? '')?.[1] ?? '```'
  const closes = (line: Line | undefined): boolean => {
    const text = line?.text.trim() ?? ''
    return text.length >= fence.length && text === fence.charAt(0).repeat(text.length)
  }
  return Math.min(endWhere(lines, at + 1, closes) + 1, lines.length)
}

/** A list goes on over blank lines as long as items or indented lines follow, and over the code inside its items. */
function endOfList(lines: readonly Line[], at: number): number {
  let end = at + 1
  let seen = at + 1
  while (seen < lines.length) {
    const line = lines[seen] as Line
    if (isBlank(line)) {
      seen++
      continue
    }
    const afterBlank = seen > end
    if (HEADING.test(line.text) || (afterBlank && !LIST_ITEM.test(line.text) && !INDENTED.test(line.text))) break
    if (FENCE.test(line.text) && !INDENTED.test(line.text)) break
    end = FENCE.test(line.text) ? endOfFence(lines, seen) : seen + 1
    seen = end
  }
  return end
}

function isTableStart(lines: readonly Line[], at: number): boolean {
  const line = lines[at]?.text ?? ''
  return TABLE_ROW.test(line) || (line.includes('|') && TABLE_RULE.test(lines[at + 1]?.text ?? ''))
}

function endWhere(
  lines: readonly Line[],
  from: number,
  ends: (line: Line | undefined, index: number) => boolean,
): number {
  let at = from
  while (at < lines.length && !ends(lines[at], at)) at++
  return at
}

function blockOf(
  kind: 'paragraph' | 'code' | 'table' | 'list',
  lines: readonly Line[],
  from: number,
  to: number,
): Block {
  return { kind, start: lines[from]?.start ?? 0, end: lines[to - 1]?.end ?? 0 }
}

function readLines(text: string): Line[] {
  const lines: Line[] = []
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start)
    const end = found === -1 ? text.length : found
    lines.push({ start, end, text: text.slice(start, end) })
    start = end + 1
  }
  return lines
}

function isBlank(line: Line | undefined): line is undefined {
  return line === undefined || line.text.trim() === ''
}

/** A heading's words without Markdown's marks: links keep their text. */
function plainTitle(title: string): string {
  return title
    .replace(/!?\[([^\]]{0,300})\]\([^)]{0,1000}\)/g, '$1')
    .replace(/[*`]+/g, '')
    .trim()
}
