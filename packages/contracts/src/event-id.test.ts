import { describe, expect, test } from '@jest/globals'
import { compareEventIds, formatEventId, isNextEventId, ORIGIN, parseEventId, requireEventId } from './event-id.ts'

const id = (ordinal: number, attempt: number, index: number) => ({ ordinal, attempt, index })

describe('event ids', () => {
  test.each([
    ['1-1000001', id(1, 1, 1)],
    ['12-3000999', id(12, 3, 999)],
    ['2-1999999', id(2, 1, 999_999)],
    ['0-0', ORIGIN],
  ])('%s reads and writes', (text, parsed) => {
    expect(parseEventId(text)).toEqual(parsed)
    expect(formatEventId(parsed)).toBe(text)
  })

  test.each([
    '',
    '1',
    '-',
    '1-',
    '-1',
    '01-1',
    '1-01',
    '1-1-1',
    '1.0-1',
    ' 1-1',
    '1-1\n',
    '١-١',
    '1e3-1',
    '9999999999-1',
    'x'.repeat(50),
  ])('%p is refused', (text) => {
    expect(parseEventId(text)).toBeUndefined()
    expect(() => requireEventId(text)).toThrow(expect.objectContaining({ code: 'invalid_event_id' }))
  })

  test('order is ordinal, then attempt, then index', () => {
    const sorted = [id(1, 1, 1), id(1, 1, 2), id(1, 2, 1), id(2, 1, 1)]
    for (const [at, a] of sorted.entries()) {
      for (const [other, b] of sorted.entries()) expect(Math.sign(compareEventIds(a, b))).toBe(Math.sign(at - other))
    }
  })

  test.each([
    [id(1, 1, 1), id(1, 1, 2), true],
    [id(1, 1, 1), id(1, 1, 3), false],
    [id(1, 1, 5), id(1, 2, 1), true],
    [id(1, 1, 5), id(1, 3, 1), true],
    [id(1, 2, 5), id(1, 1, 1), false],
    [id(1, 1, 5), id(2, 4, 1), true],
    [id(1, 1, 5), id(3, 1, 1), false],
    [id(1, 1, 5), id(2, 1, 2), false],
    [ORIGIN, id(1, 1, 1), true],
    [ORIGIN, id(2, 1, 1), false],
  ])('%j is directly before %j: %s', (a, b, expected) => {
    expect(isNextEventId(a, b)).toBe(expected)
  })
})
