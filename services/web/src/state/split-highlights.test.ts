import { describe, expect, test } from '@jest/globals'
import { splitHighlights } from './split-highlights.ts'

const shown = (snippet: string, ...highlights: [number, number][]): string =>
  splitHighlights(
    snippet,
    highlights.map(([start, end]) => ({ start, end })),
  )
    .map(({ text, marked }) => (marked ? `[${text}]` : text))
    .join('')

describe('a snippet with what was found in it', () => {
  test('is cut at its highlights, in any order', () => {
    expect(shown('the lease of a run', [15, 18], [4, 9])).toBe('the [lease] of a [run]')
    expect(shown('租约到期', [0, 2])).toBe('[租约]到期')
    expect(shown('nothing')).toBe('nothing')
  })

  test('loses no letter to highlights that overlap or reach too far', () => {
    expect(shown('abcdef', [1, 4], [2, 5], [5, 99], [50, 60])).toBe('a[bcd][e][f]')
  })
})
