import { describe, expect, test } from '@jest/globals'
import { decodeBatch, encodeBatch } from './answer-batch.ts'

const ENTRIES = [
  { sessionId: 'a', frames: 'id: 1-1\ndata: é中🎉\n\n' },
  { sessionId: 'b', frames: '' },
  { sessionId: 'a', frames: 'two\n\n' },
]

describe('a batch of answers', () => {
  test('gives back what went in, for the sessions that are wanted', () => {
    const body = encodeBatch(ENTRIES)
    expect([...decodeBatch(body, () => true)]).toEqual(ENTRIES)
    expect([...decodeBatch(body, (sessionId) => sessionId === 'a')]).toEqual([ENTRIES[0], ENTRIES[2]])
  })

  test.each([
    ['no index', 'id: 1-1\n\n'],
    ['an index of another shape', '{"a":1}\nx'],
    ['a wrong entry', '[["a","1"]]\nx'],
    ['nothing', ''],
  ])('%s is refused', (_what, text) => {
    expect(() => [...decodeBatch(Buffer.from(text), () => true)]).toThrow()
  })
})
