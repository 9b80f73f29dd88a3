import { Readable } from 'node:stream'
import type { ByteSource } from './byte-source.ts'
import { type Found, readArchive } from './read-archive.ts'
import { createZipWriter } from './zip/zip-writer.ts'

/** Bytes in memory as a source. */
export const sourceOf = (data: Buffer | string): ByteSource => {
  const bytes = Buffer.from(data)
  return {
    bytes: bytes.length,
    read: (start, end) => Readable.from([bytes.subarray(start, end)], { objectMode: false }),
  }
}

/** A zip of these files. */
export async function zipOf(files: Record<string, string>): Promise<Buffer> {
  const zip = createZipWriter()
  const output = (async () => {
    const chunks: Buffer[] = []
    for await (const chunk of zip.output) chunks.push(chunk)
    return Buffer.concat(chunks)
  })()
  for (const [name, text] of Object.entries(files)) await zip.add(name, text)
  zip.end()
  return await output
}

/** Everything that is found in a file. */
export async function foundIn(
  data: Buffer | string,
  ...from: Parameters<typeof readArchive> extends [unknown, ...infer Rest] ? Rest : never
): Promise<Found[]> {
  const found: Found[] = []
  for await (const one of readArchive(sourceOf(data), ...from)) found.push(one)
  return found
}
