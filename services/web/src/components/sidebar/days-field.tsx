import { useTranslation } from 'react-i18next'
import { isDay } from '../../state/day-bounds.ts'
import { TextField } from '../forms/field.tsx'

type Days = { from?: string; to?: string }
type DaysFieldProps = { value: Days; onChange(days: Days): void }

/** The first and the last day of what is listed; either may be left open. */
export function DaysField({ value: { from, to }, onChange }: DaysFieldProps) {
  const { t } = useTranslation()
  // A field that is being filled in says nothing yet.
  const days = (first: string | undefined, last: string | undefined): Days => ({
    ...(isDay(first) && { from: first }),
    ...(isDay(last) && { to: last }),
  })
  return (
    <>
      <TextField
        label={t('activities.from')}
        type="date"
        value={from ?? ''}
        onChange={(day) => onChange(days(day, to))}
      />
      <TextField
        label={t('activities.to')}
        type="date"
        value={to ?? ''}
        onChange={(day) => onChange(days(from, day))}
      />
    </>
  )
}
