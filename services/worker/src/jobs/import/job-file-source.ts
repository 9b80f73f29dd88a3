import { Readable } from 'node:stream'
import type { ByteSource } from '@askwire/portability'
import { type FileSource, PIECE_BYTES, readPiece } from '@askwire/store'

/** The file of a job as something to be read from any place on. One piece is in memory, and the one read last is kept for the next look. */
export function jobFileSource(file: FileSource, bytes: number): ByteSource {
  let kept: { seq: number; data: Buffer } | undefined
  const piece = async (seq: number): Promise<Buffer> => {
    if (kept?.seq === seq) return kept.data
    const data = await readPiece(file, seq)
    if (!data) throw new Error('a piece of a job file is missing')
    kept = { seq, data }
    return data
  }
  async function* range(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; ) {
      const seq = Math.floor(at / PIECE_BYTES)
      const offset = at - seq * PIECE_BYTES
      const part = (await piece(seq)).subarray(offset, Math.min(PIECE_BYTES, offset + end - at))
      if (part.length === 0) throw new Error('a piece of a job file is too short')
      yield part
      at += part.length
    }
  }
  return { bytes, read: (start, end) => Readable.from(range(start, end), { objectMode: false }) }
}
