import { type Block, readMarkdownBlocks, readPlainBlocks } from './read-blocks.ts'
import { columnsOf, MAX_COLUMNS, type Span, splitBlock, TARGET_COLUMNS } from './split-block.ts'

/** A retrievable piece: exactly `text.slice(start, end)` of its document. `heading`: those above it, outermost first. */
export type Piece = Span & { heading: string | null }

/** A chunk below this takes the next block of its section even beyond the target; a heading above it is read as text. */
const SMALL_COLUMNS = 300
const MAX_HEADING_CHARS = 300

/**
 * Cuts a document along its structure into pieces of about 900 columns, at most 1500 (a Chinese character is two). A
 * section begins a new piece; code, tables and lists are cut only when they alone are too long.
 */
export function chunkText(text: string, mediaType: 'text/markdown' | 'text/plain'): Piece[] {
  const blocks = mediaType === 'text/markdown' ? readMarkdownBlocks(text) : readPlainBlocks(text)
  const pieces: Piece[] = []
  const path: { level: number; title: string }[] = []
  let open: (Piece & { body: boolean }) | undefined
  const close = (): void => {
    if (open) pushTrimmed(text, open, pieces)
    open = undefined
  }
  for (const block of blocks) {
    if (block.kind === 'heading' && columnsOf(text.slice(block.start, block.end)) <= SMALL_COLUMNS) {
      // A heading without text of its own stays with the section below it.
      if (open?.body || columnsOf(text.slice(open?.start ?? block.start, block.end)) > TARGET_COLUMNS) close()
      enter(path, block)
      open = { start: open?.start ?? block.start, end: block.end, heading: headingOf(path), body: false }
      continue
    }
    if (open?.body && !fits(text, open, block)) close()
    const heading = headingOf(path)
    if (columnsOf(text.slice(open?.start ?? block.start, block.end)) <= MAX_COLUMNS) {
      open = { start: open?.start ?? block.start, end: block.end, heading, body: true }
      continue
    }
    const parts = splitBlock(text, block)
    const first = parts[0]
    if (open && first && columnsOf(text.slice(open.start, first.end)) <= MAX_COLUMNS) {
      first.start = open.start
      open = undefined
    }
    close()
    for (const part of parts) pushTrimmed(text, { ...part, heading }, pieces)
  }
  close()
  return pieces
}

function fits(text: string, open: Span, block: Block): boolean {
  const together = columnsOf(text.slice(open.start, block.end))
  if (together <= TARGET_COLUMNS) return true
  return together <= MAX_COLUMNS && columnsOf(text.slice(open.start, open.end)) < SMALL_COLUMNS
}

function enter(path: { level: number; title: string }[], { level, title }: Extract<Block, { kind: 'heading' }>): void {
  while ((path.at(-1)?.level ?? 0) >= level) path.pop()
  if (title) path.push({ level, title })
}

function headingOf(path: readonly { title: string }[]): string | null {
  const heading = path.map(({ title }) => title).join(' › ')
  return heading === '' ? null : heading.slice(0, MAX_HEADING_CHARS).toWellFormed()
}

function pushTrimmed(text: string, piece: Piece, pieces: Piece[]): void {
  const raw = text.slice(piece.start, piece.end)
  const start = piece.start + (raw.length - raw.trimStart().length)
  const end = start + raw.trim().length
  if (end > start) pieces.push({ start, end, heading: piece.heading })
}
