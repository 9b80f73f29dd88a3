import { describe, expect, test } from '@jest/globals'
import { createSseDataReader } from './sse-data.ts'

describe('sse data reader', () => {
  test('gives the same events wherever the bytes are cut, in the middle of a character too', () => {
    const bytes = Buffer.from('id: 1\ndata: {"a":"é漢"}\n\n: comment\n\ndata: one\ndata: two\r\n\r\ndata:x\n\n')
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = createSseDataReader()
      const events = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))]
      expect(events).toEqual(['{"a":"é漢"}', 'one\ntwo', 'x'])
    }
  })

  test('keeps back an event that is not complete', () => {
    const reader = createSseDataReader()
    expect(reader.push(Buffer.from('data: half'))).toEqual([])
    expect(reader.push(Buffer.from('\n'))).toEqual([])
    expect(reader.push(Buffer.from('\n'))).toEqual(['half'])
  })

  test('refuses an event without end', () => {
    const reader = createSseDataReader()
    const block = Buffer.alloc(1_048_576, 'x')
    expect(() => {
      for (let i = 0; i < 10; i++) reader.push(block)
    }).toThrow(expect.objectContaining({ code: 'agent_failed' }))
  })
})
