import { describe, expect, test } from '@jest/globals'
import { holdKey, keptIndexes } from './kept-turns.ts'

const turns = ['a', 'b', 'c', 'd'].map((key) => ({ key }))

describe('turns that are kept', () => {
  test('are the newest few somebody worked in', () => {
    const held = ['a', 'b', 'c', 'd', 'b', 'e', 'f'].reduce<readonly string[]>(holdKey, [])
    expect(held).toEqual(['d', 'b', 'e', 'f'])
    expect(holdKey(held, 'f')).toBe(held)
  })

  test('are found at their places, with the last turn, each once and in order', () => {
    expect(keptIndexes(turns, ['c', 'gone', 'a'])).toEqual([0, 2, 3])
    expect(keptIndexes(turns, ['d'])).toEqual([3])
    expect(keptIndexes([], ['d'])).toEqual([])
  })
})
