import { describe, expect, test } from '@jest/globals'
import { createEventPayloads, LineTooLongError } from './event-payloads.ts'

const STREAM =
  'data: {"a":"é中🎉"}\n\n: a comment\n\nevent: x\r\ndata:two\r\ndata: lines\r\n\r\ndata: [DONE]\n\ndata: cut'
const PAYLOADS = ['{"a":"é中🎉"}', 'two\nlines', '[DONE]']

describe('event payloads', () => {
  test.each([1, 2, 3, 7, 1000])('are the same however the bytes come, %d at a time', (size) => {
    const reader = createEventPayloads()
    const seen: string[] = []
    const bytes = Buffer.from(STREAM)
    for (let start = 0; start < bytes.length; start += size) reader.push(bytes.subarray(start, start + size), seen)
    expect(seen).toEqual(PAYLOADS)
  })

  test.each([
    ['a line', 'x'],
    ['an event', 'data: x\n'],
  ])('%s without end is given up', (_what, piece) => {
    const reader = createEventPayloads()
    const feed = (): void => {
      for (let bytes = 0; bytes < 3_000_000; bytes += 60_000) reader.push(Buffer.from(piece.repeat(60_000)), [])
    }
    expect(feed).toThrow(LineTooLongError)
  })
})
