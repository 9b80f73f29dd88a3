/** Cuts a stream of bytes into pieces of one length; what is not a whole piece waits in memory. */
export function createPieceWriter(pieceBytes: number, write: (seq: number, data: Buffer) => Promise<void>) {
  let waiting: Buffer[] = []
  let length = 0
  let seq = 0
  const writeOne = async (data: Buffer): Promise<void> => {
    await write(seq, data)
    seq += 1
  }
  return {
    push: async (chunk: Buffer): Promise<void> => {
      waiting.push(chunk)
      length += chunk.length
      if (length < pieceBytes) return
      const all = Buffer.concat(waiting)
      let at = 0
      for (; all.length - at >= pieceBytes; at += pieceBytes) await writeOne(all.subarray(at, at + pieceBytes))
      waiting = [all.subarray(at)]
      length = all.length - at
    },
    end: async (): Promise<void> => {
      if (length > 0) await writeOne(Buffer.concat(waiting))
    },
  }
}
