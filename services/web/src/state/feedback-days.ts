import type { FeedbackStats } from '@askwire/contracts'
import { lastDays } from './last-days.ts'

/** Feedback of each of the last `days` UTC days, oldest first, those without any included; `now` is milliseconds since 1970. */
export function feedbackByDay(stats: Pick<FeedbackStats, 'days'>, days: number, now: number): FeedbackStats['days'] {
  const byDay = new Map(stats.days.map((one) => [one.day, one]))
  return lastDays(days, now).map((day) => byDay.get(day) ?? { day, up: 0, down: 0 })
}
