import { useTranslation } from 'react-i18next'
import { SelectField } from './field.tsx'

const DAYS = ['7', '30', '90', '365'] as const
/** Days that are counted, up to today. */
export type Range = (typeof DAYS)[number]

/** Over how many of the last days something is counted. */
export function RangeField({ value, onChange }: { value: Range; onChange(value: Range): void }) {
  const { t } = useTranslation()
  return (
    <SelectField
      label={t('activities.range')}
      value={value}
      options={DAYS.map((days) => ({ value: days, label: t('form.lastDays', { count: Number(days) }) }))}
      onChange={onChange}
    />
  )
}
