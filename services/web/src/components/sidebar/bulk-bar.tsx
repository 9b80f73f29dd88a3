import {
  CloseOutlined,
  DeleteOutlined,
  FolderOutlined,
  InboxOutlined,
  TagOutlined,
  UndoOutlined,
} from '@ant-design/icons'
import type { BulkSessionsRequest } from '@askwire/contracts'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListSelection } from '../../hooks/use-selection.ts'
import type { ListFilter } from '../../state/session-list.ts'
import { BulkDialog } from './bulk-dialog.tsx'

/** What is to be done with all that is picked. */
export type BulkChange = WithoutIds<BulkSessionsRequest>
type WithoutIds<T> = T extends { ids: string[] } ? Omit<T, 'ids'> : never

type BulkBarProps = {
  selection: ListSelection
  listed: number
  filter: ListFilter
  busy: boolean
  /** Does it and shows what went wrong. */
  onSimple(change: BulkChange): void
  /** Does it; rejects when it was not done. */
  onChange(change: BulkChange): Promise<unknown>
}

/** How many sessions are picked, and what can be done with all of them at once. */
export function BulkBar({ selection, listed, filter, busy, onSimple, onChange }: BulkBarProps) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState<'tag' | 'move'>()
  const count = selection.ids.length
  const whole = count > 0 && count === listed
  const button = (name: keyof typeof ICONS, onClick: () => void): ReactNode => (
    <Button
      key={name}
      size="small"
      type="text"
      danger={name === 'delete'}
      icon={ICONS[name]}
      disabled={count === 0 || busy}
      aria-label={t(`bulk.${name}`)}
      title={t(`bulk.${name}`)}
      onClick={onClick}
    />
  )
  const simply = (action: 'archive' | 'unarchive' | 'delete' | 'restore') => () => onSimple({ action })
  return (
    <section className="bulk" aria-label={t('bulk.title')}>
      <div className="bulk-head">
        <label className="session-pick">
          <input
            type="checkbox"
            checked={whole}
            ref={(box) => {
              if (box) box.indeterminate = count > 0 && !whole
            }}
            onChange={() => (whole ? selection.none() : selection.all())}
          />
          <span aria-live="polite">{t('bulk.selected', { count })}</span>
        </label>
        <Button
          size="small"
          type="text"
          icon={<CloseOutlined />}
          aria-label={t('bulk.end')}
          title={t('bulk.end')}
          onClick={selection.end}
        />
      </div>
      <div className="bulk-actions">
        {filter.kind === 'trash'
          ? button('restore', simply('restore'))
          : [
              filter.kind === 'archived'
                ? button('unarchive', simply('unarchive'))
                : button('archive', simply('archive')),
              button('tag', () => setAsking('tag')),
              button('move', () => setAsking('move')),
              button('delete', simply('delete')),
            ]}
      </div>
      <BulkDialog
        kind={asking}
        count={count}
        onChange={async (change) => {
          await onChange(change)
          setAsking(undefined)
        }}
        onClose={() => setAsking(undefined)}
      />
    </section>
  )
}

const ICONS = {
  archive: <InboxOutlined />,
  unarchive: <InboxOutlined />,
  tag: <TagOutlined />,
  move: <FolderOutlined />,
  delete: <DeleteOutlined />,
  restore: <UndoOutlined />,
}
