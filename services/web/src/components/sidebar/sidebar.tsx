import { CheckSquareOutlined, HourglassOutlined, PlusOutlined } from '@ant-design/icons'
import type { SessionView } from '@askwire/contracts'
import { Button, Input, type InputRef } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useDebounced } from '../../hooks/use-debounced.ts'
import { useSelection } from '../../hooks/use-selection.ts'
import { useSessionChanges } from '../../hooks/use-session-changes.ts'
import type { SessionList } from '../../hooks/use-session-list.ts'
import type { ListFilter } from '../../state/session-list.ts'
import { AccountMenu } from '../account-menu.tsx'
import { FailureAlert } from '../failure-alert.tsx'
import { LoadView } from '../layout/load-view.tsx'
import type { SessionDialog } from '../session-dialogs.tsx'
import { SettingsBar } from '../settings-bar.tsx'
import { BulkBar, type BulkChange } from './bulk-bar.tsx'
import { FilterField } from './filter-field.tsx'
import { MoreSentinel } from './more-sentinel.tsx'
import { OrganiseDialog } from './organise-dialog.tsx'
import { SearchResults } from './search-results.tsx'
import type { SessionAction } from './session-row.tsx'
import { SessionRows } from './session-rows.tsx'
import { UndoNote } from './undo-note.tsx'

type SidebarProps = {
  list: SessionList
  filter: ListFilter
  activeId: string | undefined
  onFilter(filter: ListFilter): void
  onOpen(sessionId: string | undefined, messageId?: string): void
  onDialog(dialog: SessionDialog): void
}

/** One's sessions: to find, open and order them; a new one; who is signed in, and the page's settings. */
export function Sidebar({ list, filter, activeId, onFilter, onOpen, onDialog }: SidebarProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const q = useDebounced(typed.trim())
  const box = useSearchKey()
  const [organised, setOrganised] = useState<SessionView>()
  const mayChange = useMe().permissions.includes('chat.ask')
  const items = list.data?.items ?? NONE
  const selection = useSelection(useMemo(() => items.map(({ id }) => id), [items]))
  const changes = useSessionChanges(list, (ids) => {
    if (activeId !== undefined && ids.includes(activeId)) onOpen(undefined)
  })
  const { action } = changes

  const act = (session: SessionView, what: SessionAction): void => {
    if (what === 'organise') setOrganised(session)
    else if (what === 'share' || what === 'export' || what === 'erase') onDialog({ kind: what, session })
    else changes.change(session, what)
  }
  const changeAll = async (change: BulkChange): Promise<void> => {
    await changes.changeAll(selection.ids, change)
    selection.none()
  }
  const begin = async (): Promise<void> => onOpen((await api.createSession({ temporary: true })).id)
  const choose = (chosen: ListFilter): void => {
    selection.end()
    onFilter(chosen)
  }
  return (
    <nav className="sidebar" aria-label={t('sessions.list')}>
      <div className="brand">
        <img src="/icon.svg" alt="" width={26} height={26} />
        <span>Askwire</span>
      </div>
      <div className="new-session">
        <Button block icon={<PlusOutlined />} onClick={() => onOpen(undefined)}>
          {t('nav.newSession')}
        </Button>
        {mayChange && (
          <Button
            icon={<HourglassOutlined />}
            aria-label={t('sessions.newTemporary')}
            title={t('sessions.newTemporary')}
            onClick={() => void action.run(begin)}
          />
        )}
      </div>
      <search>
        <Input
          ref={box}
          type="search"
          value={typed}
          maxLength={500}
          placeholder={t('sessions.search')}
          aria-label={t('sessions.search')}
          aria-keyshortcuts="Control+K"
          onChange={({ target }) => setTyped(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || typed === '') return
            event.preventDefault()
            setTyped('')
          }}
        />
      </search>
      <FailureAlert failure={action.failure} area="sessionsFailure" onDismiss={action.dismiss} />
      {q !== '' ? (
        <SearchResults q={q} onOpen={onOpen} />
      ) : (
        <>
          <FilterField value={filter} version={`${list.changes} ${filingOf(items)}`} onChange={choose}>
            {mayChange && filter.kind !== 'shared' && items.length > 0 && !selection.on && (
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
          {selection.on && (
            <BulkBar
              selection={selection}
              listed={items.length}
              filter={filter}
              busy={action.busy}
              onSimple={(change) => void action.run(() => changeAll(change))}
              onChange={changeAll}
            />
          )}
          <div className="session-scroller">
            <LoadView
              loaded={list}
              isEmpty={() => items.length === 0}
              empty={t(EMPTY[filter.kind] ?? 'sessions.noneHere')}
            >
              {() => (
                <SessionRows items={items} activeId={activeId} selection={selection} onOpen={onOpen} onAct={act} />
              )}
            </LoadView>
            <MoreSentinel more={list.more} />
          </div>
        </>
      )}
      <UndoNote
        key={changes.deleted?.ids.join()}
        text={changes.deleted?.text}
        onUndo={changes.undo}
        onDismiss={changes.dismissUndo}
      />
      <OrganiseDialog
        session={organised}
        onChanged={(session) => {
          list.show(session)
          setOrganised(undefined)
        }}
        onClose={() => setOrganised(undefined)}
      />
      <AccountMenu />
      <SettingsBar />
    </nav>
  )
}

const NONE: readonly SessionView[] = []
const EMPTY: Partial<Record<ListFilter['kind'], string>> = { open: 'sessions.none', shared: 'sessions.noneShared' }

/** What the listed sessions are filed under: another one is a reason to ask for folders and tags again. */
const filingOf = (sessions: readonly SessionView[]): string =>
  sessions
    .map(({ id, folderId, tags }) => `${id} ${folderId} ${tags.join()}`)
    .sort()
    .join('\n')

/** Ctrl+K (⌘K) goes to the field. */
function useSearchKey(): (box: InputRef | null) => void {
  const field = useRef<InputRef>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      field.current?.focus({ cursor: 'all' })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return useCallback((box) => {
    field.current = box
  }, [])
}
