import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { type Entry, fromRandomAccessReader, RandomAccessReader, type ZipFile } from 'yauzl'
import type { ByteSource } from '../byte-source.ts'
import { MAX_ARCHIVE_ENTRIES, MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_COUNTS_FROM_BYTES } from '../limits.ts'
import { Unreadable } from '../neutral.ts'

/** A file in an archive that has been found safe to unpack. */
export type ZipEntry = { name: string; bytes: number; open(): Promise<Readable> }

export type ZipReader = { entries: ZipEntry[]; close(): void }

/** The directory is read in parts of this length: its entries are short, and a stream for each costs far more than the bytes. */
const WINDOW_BYTES = 64 * 1024

class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource
  #window: { start: number; data: Buffer } = { start: 0, data: Buffer.alloc(0) }

  constructor(source: ByteSource) {
    super()
    this.#source = source
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.#source.read(start, end)
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#bytes(position, length).then(
      // Not in the promise: what the callback throws is its own.
      (data) =>
        process.nextTick(() => callback(data.copy(buffer, offset) < length ? new Error('unexpected EOF') : null)),
      (error: Error) => process.nextTick(() => callback(error)),
    )
  }

  async #bytes(position: number, length: number): Promise<Buffer> {
    const { start, data } = this.#window
    const from = position - start
    if (from >= 0 && from + length <= data.length) return data.subarray(from, from + length)
    const end = Math.min(position + Math.max(length, WINDOW_BYTES), this.#source.bytes)
    const chunks: Buffer[] = []
    if (end > position) for await (const chunk of this.#source.read(position, end)) chunks.push(chunk as Buffer)
    this.#window = { start: position, data: Buffer.concat(chunks) }
    return this.#window.data.subarray(0, length)
  }
}

/**
 * The files of an archive, none of them unpacked. Throws `Unreadable` for what is no archive, has names that lead out of it (`..`, absolute,
 * backslashes), is encrypted, or would unpack to more than it may: by its number of entries, their sizes, or how much one grows. While an
 * entry is read its size is held to what the archive says, so that the bounds cannot be lied to. Nothing is ever written under an entry's name.
 */
export async function openZip(source: ByteSource): Promise<ZipReader> {
  const zip = await openCentralDirectory(source)
  try {
    if (zip.entryCount > MAX_ARCHIVE_ENTRIES) throw new Unreadable('too_many_entries', { max: MAX_ARCHIVE_ENTRIES })
    const entries: ZipEntry[] = []
    let unpacked = 0
    for await (const entry of centralDirectory(zip)) {
      if (entry.fileName.endsWith('/')) continue
      unpacked += entry.uncompressedSize
      requireSafe(entry, unpacked)
      entries.push({ name: entry.fileName, bytes: entry.uncompressedSize, open: () => openEntry(zip, entry) })
    }
    return { entries, close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw error instanceof Unreadable ? error : new Unreadable('damaged_archive', {}, { cause: error })
  }
}

function requireSafe(entry: Entry, unpacked: number): void {
  if (entry.isEncrypted()) throw new Unreadable('encrypted_archive')
  if (unpacked > MAX_UNPACKED_BYTES) throw new Unreadable('unpacks_to_too_much')
  const isLarge = entry.uncompressedSize > RATIO_COUNTS_FROM_BYTES
  if (isLarge && entry.uncompressedSize > entry.compressedSize * MAX_RATIO) throw new Unreadable('unpacks_to_too_much')
}

async function openCentralDirectory(source: ByteSource): Promise<ZipFile> {
  return await new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, validateEntrySize: true, strictFileNames: true }
    fromRandomAccessReader(new SourceReader(source), source.bytes, options, (error, zip) => {
      if (zip) resolve(zip)
      else reject(new Unreadable('no_archive', {}, { cause: error }))
    })
  })
}

async function* centralDirectory(zip: ZipFile): AsyncGenerator<Entry, void> {
  const { entryCount } = zip
  for (let read = 0; read < entryCount; read += 1) {
    const next = once(zip, 'entry') as Promise<[Entry]>
    zip.readEntry()
    const [entry] = await next
    yield entry
  }
}

async function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return await new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (stream) resolve(stream)
      else reject(new Unreadable('damaged', {}, { cause: error }))
    })
  })
}
