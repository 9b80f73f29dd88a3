import { PIECE_BYTES } from './job-files.ts'

/**
 * Cuts a stream of bytes into the pieces of a job's file; what is not a whole piece waits in memory. `flush` writes that too, to be written over by
 * what follows. `end` says how many pieces there are. `from`: behind so many whole pieces and the beginning of another.
 */
export function createPieceWriter(
  write: (piece: { seq: number; data: Buffer }) => Promise<void>,
  from: { seq: number; begun: Buffer } = { seq: 0, begun: Buffer.alloc(0) },
) {
  let waiting = [from.begun]
  let length = from.begun.length
  let seq = from.seq
  const writeOne = async (data: Buffer): Promise<void> => {
    await write({ seq, data })
    seq += 1
  }
  return {
    push: async (chunk: Buffer): Promise<void> => {
      waiting.push(chunk)
      length += chunk.length
      if (length < PIECE_BYTES) return
      const all = Buffer.concat(waiting)
      let at = 0
      for (; all.length - at >= PIECE_BYTES; at += PIECE_BYTES) await writeOne(all.subarray(at, at + PIECE_BYTES))
      waiting = [all.subarray(at)]
      length = all.length - at
    },
    flush: async (): Promise<void> => {
      if (length > 0) await write({ seq, data: Buffer.concat(waiting) })
    },
    end: async (): Promise<number> => {
      if (length > 0) await writeOne(Buffer.concat(waiting))
      return seq
    },
  }
}
