import type { SessionView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { useRangeText } from '../../hooks/use-range-text.ts'
import { type Arrangement, PLAIN, SORTS } from '../../state/arrangement.ts'
import { SelectField } from '../forms/field.tsx'
import { DaysField } from './days-field.tsx'

type ArrangeFieldsProps = {
  value: Arrangement
  listed: readonly SessionView[]
  onChange(arrangement: Arrangement): void
}

const ANY = ''
const newest = () => api.listSessions({ limit: 100 })

/** What the list of sessions is sorted by, and of which model and days it shows them. */
export function ArrangeFields({ value, listed, onChange }: ArrangeFieldsProps) {
  const { t } = useTranslation()
  const { sort, model, from, to } = value
  // The models there are: of the newest sessions, and of what is listed now.
  const { data } = useLoad(newest)
  const models = modelsOf([...(data?.items ?? []), ...listed], model)
  const { model: _, ...anyModel } = value
  return (
    <>
      <SelectField
        label={t('filters.sort')}
        value={sort}
        options={SORTS.map((one) => ({ value: one, label: t(`filters.sortBy.${one}`) }))}
        onChange={(chosen) => onChange({ ...value, sort: chosen })}
      />
      <SelectField
        label={t('filters.model')}
        value={model ?? ANY}
        options={[{ value: ANY, label: t('filters.anyModel') }, ...models.map((one) => ({ value: one, label: one }))]}
        onChange={(chosen) => onChange(chosen === ANY ? anyModel : { ...value, model: chosen })}
      />
      <DaysField
        value={{ ...(from !== undefined && { from }), ...(to !== undefined && { to }) }}
        onChange={(days) => onChange({ sort, ...(model !== undefined && { model }), ...days })}
      />
    </>
  )
}

/** What is other than usual, in words. */
export function useArrangementTexts(): (arrangement: Arrangement) => string[] {
  const { t } = useTranslation()
  const rangeText = useRangeText()
  return ({ sort, model, ...days }) =>
    [sort === PLAIN.sort ? undefined : t(`filters.sorted.${sort}`), model, rangeText(days)].filter(
      (text) => text !== undefined,
    )
}

const modelsOf = (sessions: readonly SessionView[], chosen: string | undefined): string[] =>
  [...new Set([...sessions.flatMap(({ model }) => model ?? []), ...(chosen === undefined ? [] : [chosen])])].sort()
