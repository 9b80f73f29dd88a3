import { PlusOutlined } from '@ant-design/icons'
import type { SessionView } from '@askwire/contracts'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import type { SessionList } from '../../hooks/use-session-list.ts'
import type { ListFilter } from '../../state/session-list.ts'
import { AccountMenu } from '../account-menu.tsx'
import { FailureAlert } from '../failure-alert.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { SettingsBar } from '../settings-bar.tsx'
import { FilterField } from './filter-field.tsx'
import { MoreSentinel } from './more-sentinel.tsx'
import { OrganiseDialog } from './organise-dialog.tsx'
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
      <FailureAlert failure={action.failure} area="sessionsFailure" onDismiss={action.dismiss} />
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
