import type { Block } from './read-blocks.ts'

export type Span = { start: number; end: number }

/** Chunks come near the first and never above the second. In columns: a Chinese character says twice as much as a Latin one. */
export const TARGET_COLUMNS = 900
export const MAX_COLUMNS = 1500
/** The last sentence of a part is repeated in the next one when it is no longer than this. */
const MAX_OVERLAP_COLUMNS = 150

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })

export function columnsOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0)
}

/** Cuts a block that is too long for one chunk: paragraphs between sentences (with a small overlap), all else between lines. */
export function splitBlock(text: string, block: Block): Span[] {
  const prose = block.kind === 'paragraph'
  const units = (prose ? sentenceSpans(text, block) : lineSpans(text, block))
    .flatMap((unit) => cutLong(text, unit))
    .map((unit) => ({ ...unit, columns: columnsOf(text.slice(unit.start, unit.end)) }))
  const parts: Span[] = []
  let part: (Span & { columns: number; units: number }) | undefined
  let last: (typeof units)[number] | undefined
  for (const unit of units) {
    if (part && last && part.columns + unit.columns > TARGET_COLUMNS) {
      parts.push({ start: part.start, end: part.end })
      const repeats = prose && part.units > 1 && last.columns <= MAX_OVERLAP_COLUMNS
      part = repeats ? { start: last.start, end: last.end, columns: last.columns, units: 1 } : undefined
    }
    part = part
      ? { start: part.start, end: unit.end, columns: part.columns + unit.columns, units: part.units + 1 }
      : { start: unit.start, end: unit.end, columns: unit.columns, units: 1 }
    last = unit
  }
  if (part) parts.push({ start: part.start, end: part.end })
  return parts
}

/** The sentences of a stretch of prose; a line break inside a sentence does not end it. */
export function sentenceSpans(text: string, { start, end }: Span): Span[] {
  // Same length, so that offsets stay: a single line break is a space to the reader.
  const flat = text.slice(start, end).replace(/(?<!\n)\n(?!\n)/g, ' ')
  return [...sentences.segment(flat)].map(({ index, segment }) => ({
    start: start + index,
    end: start + index + segment.length,
  }))
}

function lineSpans(text: string, { start, end }: Span): Span[] {
  const spans: Span[] = []
  for (let from = start; from < end; ) {
    const found = text.indexOf('\n', from)
    const to = found === -1 || found >= end ? end : found + 1
    spans.push({ start: from, end: to })
    from = to
  }
  return spans
}

/** A single sentence or line above the maximum is cut at spaces where it has any, never inside a character. */
function cutLong(text: string, unit: Span): Span[] {
  const parts: Span[] = []
  let start = unit.start
  while (columnsOf(text.slice(start, Math.min(unit.end, start + MAX_COLUMNS + 1))) > MAX_COLUMNS) {
    const end = cutPoint(text, start)
    parts.push({ start, end })
    start = end
  }
  if (start < unit.end) parts.push({ start, end: unit.end })
  return parts
}

function cutPoint(text: string, start: number): number {
  let columns = 0
  let end = start
  let space = -1
  for (const character of text.slice(start, start + TARGET_COLUMNS)) {
    columns += character.charCodeAt(0) < 0x1100 ? character.length : columnsOf(character)
    if (columns > TARGET_COLUMNS) break
    end += character.length
    if (character === ' ') space = end
  }
  return space > start ? space : end
}
