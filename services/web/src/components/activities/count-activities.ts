import type { Action, ActivityStats } from '@askwire/contracts'
import { lastDays } from '../../state/last-days.ts'

export type DayCount = { day: string; count: number }
export type ActionCount = { action: Action; count: number }

/** Counts of each of the last `days` UTC days, oldest first, those without any included; `now` is milliseconds since 1970. */
export function countByDay(stats: ActivityStats, days: number, now: number): DayCount[] {
  const counts = new Map<string, number>()
  for (const { day, count } of stats.days) counts.set(day, (counts.get(day) ?? 0) + count)
  return lastDays(days, now).map((day) => ({ day, count: counts.get(day) ?? 0 }))
}

/** Counts of each action, the most frequent first. */
export function countByAction(stats: ActivityStats): ActionCount[] {
  const counts = new Map<Action, number>()
  for (const { action, count } of stats.days) counts.set(action, (counts.get(action) ?? 0) + count)
  return [...counts].map(([action, count]) => ({ action, count })).sort((a, b) => b.count - a.count)
}
