import { PIECE_BYTES } from './job-files.ts'

/** Cuts a stream of bytes into the pieces of a job's file; what is not a whole piece waits in memory. `end` says how many there are. */
export function createPieceWriter(write: (piece: { seq: number; data: Buffer }) => Promise<void>) {
  let waiting: Buffer[] = []
  let length = 0
  let seq = 0
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
    end: async (): Promise<number> => {
      if (length > 0) await writeOne(Buffer.concat(waiting))
      return seq
    },
  }
}
