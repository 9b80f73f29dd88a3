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
  const chunks: Buffer[] = []
  const zip = createZipWriter(async (chunk) => void chunks.push(chunk))
  for (const [name, text] of Object.entries(files)) await zip.add(name, text)
  await zip.end()
  return Buffer.concat(chunks)
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
