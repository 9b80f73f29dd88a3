import { expect, test } from '@jest/globals'
import { PIECE_BYTES } from './job-files.ts'
import { createPieceWriter } from './piece-writer.ts'

test.each([
  ['nothing', [], []],
  ['less than a piece', [10, 20], [30]],
  ['exactly one', [PIECE_BYTES], [PIECE_BYTES]],
  ['across the edge, and much at once', [PIECE_BYTES - 1, 2, 3 * PIECE_BYTES, 5], [...Array(4).fill(PIECE_BYTES), 6]],
])('%s', async (_, chunks, lengths) => {
  const written: { seq: number; data: Buffer }[] = []
  const writer = createPieceWriter(async (piece) => void written.push(piece))
  const bytes = chunks.map((length, at) => Buffer.alloc(length, at + 1))
  for (const chunk of bytes) await writer.push(chunk)
  expect(await writer.end()).toBe(lengths.length)
  expect(written.map(({ seq, data }) => [seq, data.length])).toEqual(lengths.map((length, seq) => [seq, length]))
  expect(Buffer.concat(written.map(({ data }) => data)).equals(Buffer.concat(bytes))).toBe(true)
})
