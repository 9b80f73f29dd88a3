import { PlusOutlined } from '@ant-design/icons'
import type { SessionView } from '@askwire/contracts'
import { Button, Input, type InputRef } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useDebounced } from '../../hooks/use-debounced.ts'
import type { SessionList } from '../../hooks/use-session-list.ts'
import type { ListFilter } from '../../state/session-list.ts'
import { AccountMenu } from '../account-menu.tsx'
import { FailureAlert } from '../failure-alert.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { SettingsBar } from '../settings-bar.tsx'
import { FilterField } from './filter-field.tsx'
import { MoreSentinel } from './more-sentinel.tsx'
import { OrganiseDialog } from './organise-dialog.tsx'
import { SearchResults } from './search-results.tsx'
import { type SessionAction, SessionRow } from './session-row.tsx'
import { UndoNote } from './undo-note.tsx'

type SidebarProps = {
  list: SessionList
  filter: ListFilter
  activeId: string | undefined
  onFilter(filter: ListFilter): void
  onOpen(sessionId: string | undefined, messageId?: string): void
}

/** One's sessions: to find, open and order them; a new one; who is signed in, and the page's settings. */
export function Sidebar({ list, filter, activeId, onFilter, onOpen }: SidebarProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const q = useDebounced(typed.trim())
  const box = useSearchKey()
  const [organised, setOrganised] = useState<SessionView>()
  const [deleted, setDeleted] = useState<SessionView>()
  const action = useAction()
  const { show, drop, look } = list

  const remove = async (session: SessionView): Promise<void> => {
    await api.deleteSession(session.id)
    setDeleted(session)
    if (filter.kind === 'trash') look(session.id)
    else drop(session.id)
    if (session.id === activeId) onOpen(undefined)
  }
  const restore = async ({ id }: SessionView): Promise<void> => {
    show(await api.restoreSession(id))
    setDeleted(undefined)
  }
  const act = (session: SessionView, what: SessionAction): void => {
    if (what === 'organise') setOrganised(session)
    else
      void action.run(async () => {
        if (what === 'delete') await remove(session)
        else if (what === 'restore') await restore(session)
        else show(await api.updateSession(session.id, what))
      })
  }
  return (
    <nav className="sidebar" aria-label={t('sessions.list')}>
      <div className="brand">
        <img src="/icon.svg" alt="" width={26} height={26} />
        <span>Askwire</span>
      </div>
      <Button block icon={<PlusOutlined />} onClick={() => onOpen(undefined)}>
        {t('nav.newSession')}
      </Button>
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
          <FilterField value={filter} version={filingOf(list.data?.items ?? [])} onChange={onFilter} />
          <div className="session-scroller">
            <LoadView
              loaded={list}
              isEmpty={({ items }) => items.length === 0}
              empty={t(filter.kind === 'open' ? 'sessions.none' : 'sessions.noneHere')}
            >
              {({ items }) => (
                <ul className="session-list">
                  {items.map((session) => (
                    <SessionRow
                      key={session.id}
                      session={session}
                      active={session.id === activeId}
                      onOpen={onOpen}
                      onAct={act}
                    />
                  ))}
                </ul>
              )}
            </LoadView>
            <MoreSentinel more={list.more} />
          </div>
        </>
      )}
      <UndoNote
        key={deleted?.id}
        text={deleted && t('sessions.deleted', { title: deleted.title ?? t('nav.untitled') })}
        onUndo={() => deleted && act(deleted, 'restore')}
        onDismiss={() => setDeleted(undefined)}
      />
      <OrganiseDialog
        session={organised}
        onChanged={(session) => {
          show(session)
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
