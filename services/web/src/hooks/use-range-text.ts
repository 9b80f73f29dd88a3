import { useTranslation } from 'react-i18next'
import { isDay } from '../state/day-bounds.ts'
import { useDates } from './use-dates.ts'

/** Some days in words: from one, until one, or between two; undefined for none. */
export function useRangeText(): (days: { from?: string; to?: string }) => string | undefined {
  const { t } = useTranslation()
  const { date } = useDates()
  const dayOf = (day: string | undefined): string | undefined => (isDay(day) ? date(`${day}T00:00:00`) : undefined)
  return (days) => {
    const [from, to] = [dayOf(days.from), dayOf(days.to)]
    if (from !== undefined && to !== undefined) return from === to ? from : t('filters.between', { from, to })
    if (from !== undefined) return t('filters.since', { from })
    return to === undefined ? undefined : t('filters.until', { to })
  }
}
