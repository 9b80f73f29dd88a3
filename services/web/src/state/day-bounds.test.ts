import { expect, test } from '@jest/globals'
import { dayBounds, isDay } from './day-bounds.ts'

test('days are whole: the first from its beginning, the last to its end', () => {
  const { from = '', to = '' } = dayBounds({ from: '2026-02-28', to: '2026-02-28' })
  expect(new Date(from)).toEqual(new Date(2026, 1, 28))
  expect(new Date(to)).toEqual(new Date(2026, 2, 1))
})

test('what is no day bounds nothing', () => {
  expect(dayBounds({ from: '', to: undefined })).toEqual({})
  expect(dayBounds({ from: '12026-01-01', to: '2026-99-01' })).toEqual({})
  expect([isDay('2026-01-01'), isDay('today'), isDay(7)]).toEqual([true, false, false])
})
