import { expect, test } from '@jest/globals'
import { parseRetention } from './parse-retention.ts'

test.each([
  ['', null],
  ['  ', null],
  ['30', 30],
  [' 36500 ', 36_500],
  ['36501', undefined],
  ['0', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['soon', undefined],
])('%j', (text, days) => {
  expect(parseRetention(text)).toBe(days)
})
