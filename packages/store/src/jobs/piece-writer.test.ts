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

test('goes on behind what was flushed, in the piece that was begun', async () => {
  const file = new Map<number, Buffer>()
  const write = async ({ seq, data }: { seq: number; data: Buffer }): Promise<void> => void file.set(seq, data)
  const bytes = Buffer.from(Array.from({ length: PIECE_BYTES + 900 }, (_one, at) => at % 251))
  const first = createPieceWriter(write)
  await first.push(bytes.subarray(0, PIECE_BYTES + 100))
  await first.flush()
  await first.push(bytes.subarray(PIECE_BYTES + 100, PIECE_BYTES + 300))
  await first.flush()
  const second = createPieceWriter(write, { seq: 1, begun: file.get(1)?.subarray(0, 100) ?? Buffer.alloc(0) })
  await second.push(bytes.subarray(PIECE_BYTES + 100))
  expect(await second.end()).toBe(2)
  expect(Buffer.concat([...file.values()]).equals(bytes)).toBe(true)
})
