import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../hooks/use-auth.ts'
import type { Filing } from '../../hooks/use-filing.ts'
import type { ListFilter } from '../../state/session-list.ts'
import { FolderActions } from './folder-actions.tsx'

type FilterFieldProps = {
  value: ListFilter
  filing: Filing
  onChange(filter: ListFilter): void
  /** Stands beside it. */
  children?: ReactNode
}

/** Which sessions are listed: the present ones, a folder's, a tag's, those shared with me, archived or deleted ones. */
export function FilterField({ value, filing, onChange, children }: FilterFieldProps) {
  const { t } = useTranslation()
  const mayChange = useMe().permissions.includes('chat.ask')
  const { folders, tags, reload } = filing
  const key = keyOf(value)
  const known: ListFilter[] = [
    ...folders.map(({ id }): ListFilter => ({ kind: 'folder', folderId: id })),
    ...tags.map(({ tag }): ListFilter => ({ kind: 'tag', tag })),
  ]
  const choose = (chosen: string): void => {
    const filter = [...FIXED, ...known].find((one) => keyOf(one) === chosen)
    if (filter) onChange(filter)
  }
  const folder = value.kind === 'folder' ? folders.find(({ id }) => id === value.folderId) : undefined
  const leave = (): void => {
    reload()
    onChange({ kind: 'open' })
  }
  // What is listed now may have gone: it stays to be seen that it is listed.
  const gone = ![...FIXED, ...known].some((one) => keyOf(one) === key)
  return (
    <div className="sessions-shown">
      <select
        className="select sessions-filter"
        aria-label={t('sessions.shown')}
        value={key}
        onChange={({ target }) => choose(target.value)}
      >
        {FIXED.map((one) => (
          <option key={one.kind} value={keyOf(one)}>
            {t(`sessions.filter.${one.kind}`)}
          </option>
        ))}
        {gone && <option value={key}>{value.kind === 'tag' ? value.tag : t('sessions.folder')}</option>}
        {folders.length > 0 && (
          <optgroup label={t('sessions.folders')}>
            {folders.map(({ id, name, sessions }) => (
              <option key={id} value={keyOf({ kind: 'folder', folderId: id })}>
                {`${name} (${sessions})`}
              </option>
            ))}
          </optgroup>
        )}
        {tags.length > 0 && (
          <optgroup label={t('sessions.tags')}>
            {tags.map(({ tag, sessions }) => (
              <option key={tag} value={keyOf({ kind: 'tag', tag })}>
                {`${tag} (${sessions})`}
              </option>
            ))}
          </optgroup>
        )}
      </select>
      {folder && mayChange && <FolderActions folder={folder} onChanged={reload} onDeleted={leave} />}
      {children}
    </div>
  )
}

const FIXED = [
  { kind: 'open' },
  { kind: 'shared' },
  { kind: 'archived' },
  { kind: 'trash' },
] as const satisfies ListFilter[]

function keyOf(filter: ListFilter): string {
  if (filter.kind === 'tag') return `tag ${filter.tag}`
  return filter.kind === 'folder' ? `folder ${filter.folderId}` : filter.kind
}
