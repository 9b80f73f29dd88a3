import { Unreadable } from './neutral.ts'

/** One element of the outermost array (or the outermost object itself); `bytes` is null when it is longer than it may be, or not wanted. */
export type JsonItem = { index: number; bytes: Buffer | null; end: 'whole' | 'too long' | 'cut off' }

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d]
const BYTE_ORDER_MARK: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf])
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/**
 * Cuts a stream of JSON into the elements of its outermost array without parsing them, one in memory at a time. A streaming parser would
 * end at the first malformed element and would build one of any size; here each is parsed by itself, so that one costs no other.
 * Elements before `from` are passed over. Throws `Unreadable` for what is neither an array nor an object.
 */
export async function* jsonItems(
  source: AsyncIterable<Buffer>,
  { maxBytes, from = 0 }: { maxBytes: number; from?: number },
): AsyncGenerator<JsonItem, void> {
  const cutter = new Cutter(maxBytes, from)
  for await (const chunk of source) {
    yield* cutter.push(chunk)
    if (cutter.isOver) return
  }
  if (!cutter.hasBegun) throw new Unreadable('empty_file')
  yield { index: cutter.index, bytes: null, end: 'cut off' }
}

class Cutter {
  index = 0
  isOver = false
  hasBegun = false
  readonly #maxBytes: number
  readonly #from: number
  /** Depth at which an element begins: 1 in an array, 0 for an object that stands alone. */
  #base = 0
  #depth = 0
  #inString = false
  #escaped = false
  #open = false
  #parts: Buffer[] = []
  #length = 0

  constructor(maxBytes: number, from: number) {
    this.#maxBytes = maxBytes
    this.#from = from
  }

  *push(chunk: Buffer): Generator<JsonItem, void> {
    let start = this.#open ? 0 : -1
    for (let at = this.hasBegun ? 0 : this.#begin(chunk); at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === BACKSLASH) this.#escaped = true
        else if (byte === QUOTE) this.#inString = false
        continue
      }
      const closes = byte === CLOSE_BRACKET || byte === CLOSE_BRACE
      const ends = this.#depth === this.#base && (byte === COMMA || closes)
      if (ends) {
        if (this.#open) yield this.#take(chunk, start, at)
        start = -1
        if (closes) {
          this.isOver = true
          return
        }
        continue
      }
      if (!this.#open) {
        if (isSpace(byte)) continue
        this.#open = true
        start = at
      }
      if (byte === QUOTE) this.#inString = true
      else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) this.#depth += 1
      else if (closes) {
        this.#depth -= 1
        if (this.#depth > this.#base) continue
        yield this.#take(chunk, start, at + 1)
        start = -1
        if (this.#base === 0) {
          this.isOver = true
          return
        }
      }
    }
    if (this.#open) this.#keep(chunk, start, chunk.length)
  }

  /** Skips a byte order mark and spaces; says where to go on. */
  #begin(chunk: Buffer): number {
    let at = 0
    while (at < chunk.length && (isSpace(chunk[at] ?? 0) || BYTE_ORDER_MARK.has(chunk[at] ?? 0))) at += 1
    if (at >= chunk.length) return at
    const first = chunk[at]
    if (first !== OPEN_BRACKET && first !== OPEN_BRACE) throw new Unreadable('not_json')
    this.hasBegun = true
    if (first === OPEN_BRACE) return at
    this.#base = 1
    this.#depth = 1
    return at + 1
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    this.#length += end - start
    if (this.index < this.#from || this.#length > this.#maxBytes) this.#parts = []
    // A copy: the chunk may be a view of a large buffer, or be used again by whoever made it.
    else this.#parts.push(Buffer.from(chunk.subarray(start, end)))
  }

  #take(chunk: Buffer, start: number, end: number): JsonItem {
    this.#keep(chunk, start, end)
    const fits = this.#length <= this.#maxBytes
    const bytes = this.index < this.#from || !fits ? null : Buffer.concat(this.#parts)
    const item: JsonItem = { index: this.index, bytes, end: fits ? 'whole' : 'too long' }
    this.#open = false
    this.#parts = []
    this.#length = 0
    this.index += 1
    return item
  }
}
