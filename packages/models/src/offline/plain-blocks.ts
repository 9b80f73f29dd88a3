/** A stretch of a document as plain text. `list` and `code` may complete a line before them that ends in a colon. */
export type Block = { kind: 'heading' | 'text' | 'list' | 'code' | 'row'; text: string }

const FENCE = /^\s*(?:```|~~~)\s*(\S*)/
/** Tags of HTML alone: `<gatewayId>` is a word of the text. */
const TAG =
  /<!--.*?-->|<\/?(?:a|b|br|blockquote|code|details|div|em|h[1-6]|hr|i|img|kbd|li|ol|p|pre|small|span|strong|sub|summary|sup|t[dhr]|table|tbody|thead|u|ul)(?:\s[^<>]*)?\/?>/gi
/** Two characters of a drawing make a line of one; no sentence is lost with it. */
const DRAWING = /[\u2500-\u257f\u25b2\u25b6\u25ba\u25bc\u25c4].*[\u2500-\u257f\u25b2\u25b6\u25ba\u25bc\u25c4]/
const HEADING = /^\s{0,3}#{1,6}\s+(.+?)\s*#*$/
const UNDERLINE = /^\s{0,3}(?:=+|-{3,})\s*$/
const RULE = /^\s{0,3}(?:[*_-]\s*){3,}$/
const LIST_ITEM = /^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$/
const TABLE_ROW = /^\s*\|(.*)\|\s*$/
const TABLE_LINE = /^[\s|:-]+$/
const WIDE_END = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}，。；：！？、]$/u

/**
 * The text of a Markdown passage without its syntax: headings apart, list items and table rows as lines of their own, links
 * by their words, emphasis, images and tags gone. A passage cut out of the middle of a document is read as well as it can be.
 */
export function plainBlocks(markdown: string): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  let fenced: string[] | undefined

  const close = (): void => {
    if (open?.text.trim()) blocks.push({ kind: open.kind, text: plainInline(open.text) })
    open = undefined
  }
  const add = (kind: Block['kind'], text: string): void => {
    close()
    open = { kind, text }
  }

  const lines = markdown.split(/\r?\n/).map((line) => line.replace(/^(?:\s{0,3}>\s?)+/, ''))
  const unpaired = unpairedFence(lines)
  for (const [index, line] of lines.entries()) {
    if (index === unpaired || DRAWING.test(line)) continue
    if (FENCE.test(line)) {
      close()
      if (fenced?.length) blocks.push({ kind: 'code', text: fenced.join(' ') })
      fenced = fenced ? undefined : []
      continue
    }
    if (fenced) {
      if (line.trim()) fenced.push(line.trim())
      continue
    }
    const heading = HEADING.exec(line)?.[1]
    const item = LIST_ITEM.exec(line)?.[1]
    const row = TABLE_ROW.exec(line)?.[1]
    if (line.trim() === '') close()
    else if (heading !== undefined) {
      add('heading', heading)
      close()
    } else if (open?.kind === 'text' && UNDERLINE.test(line)) {
      open.kind = 'heading'
      close()
    } else if (RULE.test(line)) close()
    else if (row !== undefined) {
      if (!TABLE_LINE.test(row)) add('row', cellsOf(row).join(' — '))
      close()
    } else if (item !== undefined) add('list', item)
    else if (open) open.text = joinLines(open.text, line.trim())
    else add('text', line.trim())
  }
  close()
  if (fenced?.length) blocks.push({ kind: 'code', text: fenced.join(' ') })
  return blocks
}

/**
 * The fence whose other half was cut off with another passage. Were it read as an opening, all after it would be code; left
 * out, a bit of code is read as text. One that names a language does open, and what is missing is the end.
 */
function unpairedFence(lines: readonly string[]): number | undefined {
  const fences = lines.flatMap((line, index) => (FENCE.test(line) ? [index] : []))
  const first = fences[0]
  return fences.length % 2 === 1 && first !== undefined && !FENCE.exec(lines[first] ?? '')?.[1] ? first : undefined
}

function cellsOf(row: string): string[] {
  return row
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
    .filter(Boolean)
}

/** A line break is a space, but not in Chinese. */
function joinLines(before: string, after: string): string {
  return WIDE_END.test(before) ? before + after : `${before} ${after}`
}

function plainInline(text: string): string {
  return text
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\[[^\]]*\]/g, '$1')
    .replace(TAG, '')
    .replace(/`+([^`]+)`+/g, '$1')
    .replace(/(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])/g, '$1')
    .replace(/(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w)/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+.!|-])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}
