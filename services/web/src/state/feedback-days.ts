import type { FeedbackStats } from '@askwire/contracts'

const DAY_MS = 86_400_000

/** Feedback of each of the last `days` UTC days, oldest first, those without any included; `now` is milliseconds since 1970. */
export function feedbackByDay(stats: Pick<FeedbackStats, 'days'>, days: number, now: number): FeedbackStats['days'] {
  const byDay = new Map(stats.days.map((one) => [one.day, one]))
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(now - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10)
    return byDay.get(day) ?? { day, up: 0, down: 0 }
  })
}
