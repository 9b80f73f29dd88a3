import { CheckSquareOutlined } from '@ant-design/icons'
import type { SessionView } from '@askwire/contracts'
import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../hooks/use-auth.ts'
import type { Filing } from '../../hooks/use-filing.ts'
import { useSelection } from '../../hooks/use-selection.ts'
import type { SessionChanges } from '../../hooks/use-session-changes.ts'
import type { SessionList } from '../../hooks/use-session-list.ts'
import { type Arrangement, isNarrow, PLAIN } from '../../state/arrangement.ts'
import { arrangementOf, type ListFilter, type ListView } from '../../state/session-list.ts'
import { LoadView } from '../layout/load-view.tsx'
import { ArrangeFields, useArrangementTexts } from './arrange-fields.tsx'
import { BulkBar, type BulkChange } from './bulk-bar.tsx'
import { FilterField } from './filter-field.tsx'
import { FilterPanel, FilterToggle, useFilterPanel } from './filter-panel.tsx'
import { MoreSentinel } from './more-sentinel.tsx'
import type { SessionAction } from './session-row.tsx'
import { SessionRows } from './session-rows.tsx'

type ListSectionProps = {
  list: SessionList
  view: ListView
  filing: Filing
  changes: SessionChanges
  activeId: string | undefined
  onFilter(filter: ListFilter): void
  onArrange(arrangement: Arrangement): void
  onOpen(sessionId: string): void
  onAct(session: SessionView, action: SessionAction): void
}

/** The sessions of a view: which they are, in what order, each with what can be done with it, and several at once. */
export function ListSection(props: ListSectionProps) {
  const { list, view, filing, changes, activeId, onFilter, onArrange, onOpen, onAct } = props
  const { t } = useTranslation()
  const mayChange = useMe().permissions.includes('chat.ask')
  const panel = useFilterPanel()
  const textsOf = useArrangementTexts()
  const { kind } = view.filter
  const arrangement = arrangementOf(view)
  const narrow = isNarrow(arrangement)
  const chosen = textsOf(arrangement)
  const items = list.data?.items ?? NONE
  const selection = useSelection(useMemo(() => items.map(({ id }) => id), [items]))
  const { action } = changes
  const changeAll = async (change: BulkChange): Promise<void> => {
    await changes.changeAll(selection.ids, change)
    selection.none()
  }
  const choose = (filter: ListFilter): void => {
    selection.end()
    onFilter(filter)
  }
  return (
    <>
      <FilterField value={view.filter} filing={filing} onChange={choose}>
        {kind !== 'shared' && <FilterToggle panel={panel} label={t('filters.arrange')} active={chosen.length > 0} />}
        {mayChange && kind !== 'shared' && items.length > 0 && !selection.on && (
          <Button
            size="small"
            type="text"
            icon={<CheckSquareOutlined />}
            aria-label={t('bulk.begin')}
            title={t('bulk.begin')}
            onClick={selection.begin}
          />
        )}
      </FilterField>
      {kind !== 'shared' && (
        <FilterPanel panel={panel} label={t('filters.arrange')} chosen={chosen} onClear={() => onArrange(PLAIN)}>
          <ArrangeFields value={arrangement} listed={items} onChange={onArrange} />
        </FilterPanel>
      )}
      {selection.on && (
        <BulkBar
          selection={selection}
          listed={items.length}
          filter={view.filter}
          busy={action.busy}
          onSimple={(change) => void action.run(() => changeAll(change))}
          onChange={changeAll}
        />
      )}
      <div className="session-scroller">
        <LoadView
          loaded={list}
          isEmpty={() => items.length === 0}
          empty={t(narrow ? 'filters.noSession' : (EMPTY[kind] ?? 'sessions.noneHere'))}
        >
          {() => <SessionRows items={items} activeId={activeId} selection={selection} onOpen={onOpen} onAct={onAct} />}
        </LoadView>
        <MoreSentinel more={list.more} />
      </div>
    </>
  )
}

const NONE: readonly SessionView[] = []
const EMPTY: Partial<Record<ListFilter['kind'], string>> = { open: 'sessions.none', shared: 'sessions.noneShared' }
