import { describe, expect, test } from '@jest/globals'
import { selectedOf, toggled, withRange } from './selection.ts'

const LIST = ['a', 'b', 'c', 'd']

describe('a selection', () => {
  test('gains and loses one at a time, and is never changed in place', () => {
    const before = new Set(['a'])
    expect([...toggled(before, 'b')]).toEqual(['a', 'b'])
    expect([...toggled(before, 'a')]).toEqual([])
    expect([...before]).toEqual(['a'])
  })

  test('takes a range in either direction and keeps what was picked before', () => {
    expect(selectedOf(withRange(new Set(['a']), LIST, 'b', 'd'), LIST)).toEqual(['a', 'b', 'c', 'd'])
    expect(selectedOf(withRange(new Set(), LIST, 'c', 'b'), LIST)).toEqual(['b', 'c'])
    expect([...withRange(new Set(['c']), LIST, 'gone', 'c')]).toEqual([])
  })

  test('means nothing that has left the list', () => {
    expect(selectedOf(new Set(['d', 'gone', 'a']), LIST)).toEqual(['a', 'd'])
  })
})
