import { describe, expect, test } from '@jest/globals'
import { createSseParser } from './sse-parser.ts'

const STREAM =
  'retry: 1500\n\n: keep-alive\n\nid: 1-1000001\nevent: message\ndata: {"delta":"é 中"}\n\nevent: queued\r\ndata: {"position":2}\r\n\r\n'
const FRAMES = [
  { id: '1-1000001', event: 'message', data: '{"delta":"é 中"}' },
  { id: undefined, event: 'queued', data: '{"position":2}' },
]

describe('an event stream', () => {
  test('gives the same events however it is cut', () => {
    for (let size = 1; size <= STREAM.length; size += 1) {
      const parser = createSseParser()
      const frames = []
      for (let at = 0; at < STREAM.length; at += size) frames.push(...parser.push(STREAM.slice(at, at + size)))
      expect(frames).toEqual(FRAMES)
      expect(parser.retryMs).toBe(1500)
    }
  })

  test('an event without its blank line is not one yet', () => {
    const parser = createSseParser()
    expect(parser.push('event: message\ndata: a\ndata: b\n')).toEqual([])
    expect(parser.push('\n')).toEqual([{ id: undefined, event: 'message', data: 'a\nb' }])
  })

  test('the bytes of one event are bounded', () => {
    const parser = createSseParser()
    const flood = (): void => {
      for (let i = 0; i < 20; i += 1) parser.push('x'.repeat(1_000_000))
    }
    expect(flood).toThrow(RangeError)
  })
})
