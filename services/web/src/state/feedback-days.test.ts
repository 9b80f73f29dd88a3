import { expect, test } from '@jest/globals'
import { feedbackByDay } from './feedback-days.ts'

test('every day is there once, oldest first, also those without feedback', () => {
  const stats = { days: [{ day: '2026-03-01', up: 2, down: 1 }] }
  expect(feedbackByDay(stats, 3, Date.UTC(2026, 2, 2, 23))).toEqual([
    { day: '2026-02-28', up: 0, down: 0 },
    { day: '2026-03-01', up: 2, down: 1 },
    { day: '2026-03-02', up: 0, down: 0 },
  ])
})
