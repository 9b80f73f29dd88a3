import { describe, expect, test } from '@jest/globals'
import { decodeText } from './decode-text.ts'
import { dropDuplicates } from './drop-duplicates.ts'
import { fuse } from './fuse.ts'
import { weighTerms } from './weigh-terms.ts'

describe('decodeText', () => {
  test.each([
    ['byte order mark and CRLF', Buffer.from('\uFEFFa\r\nb\rc'), { text: 'a\nb\nc' }],
    ['Chinese', Buffer.from('中文'), { text: '中文' }],
    ['invalid UTF-8', Buffer.from([0x61, 0xff, 0xfe]), { reason: 'not valid UTF-8' }],
    ['GBK', Buffer.from([0xd6, 0xd0, 0xce, 0xc4]), { reason: 'not valid UTF-8' }],
    ['NUL', Buffer.from('a\0b'), { reason: 'binary: it holds NUL bytes' }],
    ['controls', Buffer.from('\u0001\u0002\u0003abc'), { reason: 'binary: it holds control characters' }],
    ['nothing', Buffer.from(' \n'), { reason: 'empty' }],
  ])('%s', (_name, bytes, expected) => {
    expect(decodeText(bytes)).toEqual(expected)
  })
})

describe('fuse', () => {
  test('adds weighted reciprocal ranks', () => {
    const fused = fuse([
      { ids: ['a', 'b'], weight: 1 },
      { ids: ['b', 'c'], weight: 1 },
    ])
    expect(fused.map(({ id }) => id)).toEqual(['b', 'a', 'c'])
    expect(fused[0]?.score).toBeCloseTo(1 / 62 + 1 / 61)
  })

  test('a small weight breaks near ties only', () => {
    const ids = (weight: number) =>
      fuse([
        { ids: ['a', 'b'], weight: 1 },
        { ids: ['b', 'x', 'y', 'a'], weight },
      ]).map(({ id }) => id)
    expect(ids(0.01)[0]).toBe('a')
    expect(ids(1)[0]).toBe('b')
  })
})

describe('dropDuplicates', () => {
  test('keeps the first of texts that differ in a word only', () => {
    const text =
      'The worker takes the next question from the queue, claims its row and streams the answer back to everyone.'
    const chunks = [{ text }, { text: `${text} Now.` }, { text: 'Something else entirely.' }]
    expect(dropDuplicates(chunks)).toEqual([chunks[0], chunks[2]])
  })
})

describe('weighTerms', () => {
  const counts = { chunks: 100, frequencies: new Map(Object.entries({ rare: 1, common: 90, absent: 0, 问题: 0 })) }

  test('a rare word makes up more of the question than a common one', () => {
    const { shareOf } = weighTerms(counts, [['rare'], ['common']])
    expect(shareOf(['rare'])).toBeGreaterThan(0.9)
    expect(shareOf(['common'])).toBeLessThan(0.1)
    expect(shareOf(['rare', 'common'])).toBeCloseTo(1)
  })

  test('what occurs nowhere counts against the chunk, unless nothing of its script occurs', () => {
    expect(weighTerms(counts, [['rare'], ['absent']]).shareOf(['rare'])).toBeLessThan(0.5)
    expect(weighTerms(counts, [['rare'], ['问题']]).shareOf(['rare'])).toBe(1)
    expect(weighTerms(counts, []).shareOf([])).toBe(0)
  })
})
