import { HourglassOutlined, PlusOutlined } from '@ant-design/icons'
import type { SessionView } from '@askwire/contracts'
import { Button, Input, type InputRef } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useDebounced } from '../../hooks/use-debounced.ts'
import { useFiling } from '../../hooks/use-filing.ts'
import { useSessionChanges } from '../../hooks/use-session-changes.ts'
import type { SessionList } from '../../hooks/use-session-list.ts'
import type { Arrangement } from '../../state/arrangement.ts'
import { isFiltered, type SearchFilter } from '../../state/search-filter.ts'
import type { ListFilter, ListView } from '../../state/session-list.ts'
import { AccountMenu } from '../account-menu.tsx'
import { FailureAlert } from '../failure-alert.tsx'
import { isDialog, type SessionDialog } from '../session-dialogs.tsx'
import { SettingsBar } from '../settings-bar.tsx'
import { FilterToggle, useFilterPanel } from './filter-panel.tsx'
import { ListSection } from './list-section.tsx'
import { OrganiseDialog } from './organise-dialog.tsx'
import { SearchResults } from './search-results.tsx'
import type { SessionAction } from './session-row.tsx'
import { UndoNote } from './undo-note.tsx'

type SidebarProps = {
  list: SessionList
  view: ListView
  activeId: string | undefined
  onFilter(filter: ListFilter): void
  onArrange(arrangement: Arrangement): void
  onOpen(sessionId: string | undefined, messageId?: string): void
  onDialog(dialog: SessionDialog): void
}

/** One's sessions: to find, open and order them; a new one; who is signed in, and the page's settings. */
export function Sidebar({ list, view, activeId, onFilter, onArrange, onOpen, onDialog }: SidebarProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const q = useDebounced(typed.trim())
  const box = useSearchKey()
  const [searched, setSearched] = useState<SearchFilter>({})
  const searchPanel = useFilterPanel()
  const [organised, setOrganised] = useState<SessionView>()
  const mayChange = useMe().permissions.includes('chat.ask')
  const filing = useFiling(`${list.changes} ${filingOf(list.data?.items ?? [])}`)
  const changes = useSessionChanges(list, (ids) => {
    if (activeId !== undefined && ids.includes(activeId)) onOpen(undefined)
  })
  const { action } = changes

  const act = (session: SessionView, what: SessionAction): void => {
    if (what === 'organise') setOrganised(session)
    else if (typeof what === 'string' && isDialog(what)) onDialog({ kind: what, session })
    else changes.change(session, what)
  }
  const begin = async (): Promise<void> => onOpen((await api.createSession({ temporary: true })).id)
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
      <search className="sessions-shown">
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
        {q !== '' && <FilterToggle panel={searchPanel} label={t('filters.search')} active={isFiltered(searched)} />}
      </search>
      <FailureAlert failure={action.failure} area="sessionsFailure" onDismiss={action.dismiss} />
      {q !== '' ? (
        <SearchResults {...{ q, filing, onOpen }} filter={searched} panel={searchPanel} onFilter={setSearched} />
      ) : (
        <ListSection {...{ list, view, filing, changes, activeId, onFilter, onArrange, onOpen }} onAct={act} />
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
