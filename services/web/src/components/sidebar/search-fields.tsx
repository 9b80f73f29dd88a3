import { useTranslation } from 'react-i18next'
import type { Filing } from '../../hooks/use-filing.ts'
import { useRangeText } from '../../hooks/use-range-text.ts'
import type { SearchFilter } from '../../state/search-filter.ts'
import { SelectField } from '../forms/field.tsx'
import { DaysField } from './days-field.tsx'

type SearchFieldsProps = { value: SearchFilter; filing: Filing; onChange(filter: SearchFilter): void }

const ANY = ''
type Any = typeof ANY
const ROLES = ['user', 'assistant'] as const

/** What a search is narrowed to: questions or answers, a folder, a tag, the archive, days. */
export function SearchFields({ value, filing, onChange }: SearchFieldsProps) {
  const { t } = useTranslation()
  const { role, folderId, tag, archived, from, to, ...rest } = value
  const choose = (change: { [Name in keyof SearchFilter]: SearchFilter[Name] | undefined }): void => {
    const next = { role, folderId, tag, archived, from, to, ...rest, ...change }
    onChange(Object.fromEntries(Object.entries(next).filter(([, one]) => one !== undefined)))
  }
  const any: { value: Any; label: string } = { value: ANY, label: t('form.all') }
  return (
    <>
      <SelectField
        label={t('filters.found')}
        value={role ?? ANY}
        options={[any, ...ROLES.map((one) => ({ value: one, label: t(`filters.role.${one}`) }))]}
        onChange={(chosen) => choose({ role: chosen === ANY ? undefined : chosen })}
      />
      {(filing.folders.length > 0 || folderId !== undefined) && (
        <SelectField
          label={t('sessions.folder')}
          value={folderId ?? ANY}
          options={[any, ...filing.folders.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(chosen) => choose({ folderId: chosen === ANY ? undefined : chosen })}
        />
      )}
      {(filing.tags.length > 0 || tag !== undefined) && (
        <SelectField
          label={t('bulk.oneTag')}
          value={tag ?? ANY}
          options={[any, ...filing.tags.map((one) => ({ value: one.tag, label: one.tag }))]}
          onChange={(chosen) => choose({ tag: chosen === ANY ? undefined : chosen })}
        />
      )}
      <SelectField
        label={t('filters.archive')}
        value={archived === undefined ? ANY : archived ? 'only' : 'without'}
        options={[
          any,
          { value: 'without', label: t('filters.archived.without') },
          { value: 'only', label: t('filters.archived.only') },
        ]}
        onChange={(chosen) => choose({ archived: chosen === ANY ? undefined : chosen === 'only' })}
      />
      <DaysField
        value={{ ...(from !== undefined && { from }), ...(to !== undefined && { to }) }}
        onChange={(days) => choose({ from: days.from, to: days.to })}
      />
    </>
  )
}

/** What a search is narrowed to, in words. */
export function useSearchTexts({ folders }: Filing): (filter: SearchFilter) => string[] {
  const { t } = useTranslation()
  const rangeText = useRangeText()
  return ({ role, folderId, tag, archived, ...days }) =>
    [
      role && t(`filters.role.${role}`),
      folderId && (folders.find(({ id }) => id === folderId)?.name ?? t('sessions.folder')),
      tag,
      archived === undefined ? undefined : t(`filters.archivedNote.${archived ? 'only' : 'without'}`),
      rangeText(days),
    ].filter((text) => text !== undefined)
}
