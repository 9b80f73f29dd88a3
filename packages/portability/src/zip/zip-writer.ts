import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** Writes an archive as a stream of bytes; at most two entries are in memory at a time. */
export type ZipWriter = {
  /** Resolves when the entries before it are packed, so a caller that waits holds little. Says what the manifest has to. */
  add(name: string, text: string): Promise<{ bytes: number; sha256: string }>
  /** No more entries. */
  end(): void
  readonly output: AsyncIterable<Buffer>
}

/** The time of every entry: an archive of the same sessions is the same bytes. */
const MTIME = new Date(Date.UTC(2020, 0, 1))

/** An archive that is written as it is read; beyond 4 GiB or 65 535 entries it is a Zip64 one. */
export function createZipWriter(): ZipWriter {
  const zip = new ZipFile()
  return {
    add: async (name, text) => {
      const data = Buffer.from(text)
      const begun = new Promise<void>((resolve, reject) => {
        zip.once('error', reject)
        zip.addReadStreamLazy(name, { mtime: MTIME, mode: 0o100644, size: data.length }, (open) => {
          zip.off('error', reject)
          resolve()
          open(null, Readable.from([data]))
        })
      })
      await begun
      return { bytes: data.length, sha256: createHash('sha256').update(data).digest('hex') }
    },
    end: () => zip.end(),
    output: zip.outputStream as unknown as AsyncIterable<Buffer>,
  }
}
