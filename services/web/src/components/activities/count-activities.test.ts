import type { ActivityStats } from '@askwire/contracts'
import { expect, test } from '@jest/globals'
import { countByAction, countByDay } from './count-activities.ts'

const stats: ActivityStats = {
  total: 9,
  days: [
    { day: '2026-02-28', action: 'login.success', count: 3 },
    { day: '2026-02-28', action: 'login.failure', count: 2 },
    { day: '2026-03-02', action: 'login.failure', count: 4 },
  ],
}

test('counts each day, those without anything too', () => {
  expect(countByDay(stats, 4, Date.parse('2026-03-02T23:59:00Z'))).toEqual([
    { day: '2026-02-27', count: 0 },
    { day: '2026-02-28', count: 5 },
    { day: '2026-03-01', count: 0 },
    { day: '2026-03-02', count: 4 },
  ])
})

test('counts each action, the most frequent first', () => {
  expect(countByAction(stats)).toEqual([
    { action: 'login.failure', count: 6 },
    { action: 'login.success', count: 3 },
  ])
})
