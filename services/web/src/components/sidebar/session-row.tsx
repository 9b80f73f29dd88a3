import { EyeOutlined, LoadingOutlined, MoreOutlined, PushpinFilled, ShareAltOutlined } from '@ant-design/icons'
import type { SessionView, UpdateSessionRequest } from '@askwire/contracts'
import { Button, Dropdown } from 'antd'
import { type KeyboardEvent, type MouseEvent, memo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../hooks/use-auth.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { pathOf } from '../../hooks/use-open-session.ts'
import { useSessionTitle } from '../../hooks/use-session-title.ts'
import type { SessionDialog } from '../session-dialogs.tsx'
import { RenameField } from './rename-field.tsx'

/** A change of a session that is done at once. */
export type SessionChange = 'delete' | 'restore' | UpdateSessionRequest
/** What can be done to a session: at once, or in a dialog. */
export type SessionAction = SessionChange | 'organise' | SessionDialog['kind']

type SessionRowProps = {
  session: SessionView
  active: boolean
  onOpen(sessionId: string): void
  onAct(session: SessionView, action: SessionAction): void
}

/** One session of the list with its menu. By keyboard: Enter opens, F2 renames, Delete deletes. */
export const SessionRow = memo(function SessionRow({ session, active, onOpen, onAct }: SessionRowProps) {
  const { t } = useTranslation()
  const { time } = useDates()
  const own = session.access === 'owner'
  const mayChange = useMe().permissions.includes('chat.ask') && own
  const [renaming, setRenaming] = useState(false)
  const link = useRef<HTMLAnchorElement>(null)
  const { id, pinned, unread, activeRun, updatedAt } = session
  const title = useSessionTitle(session)
  const inTrash = session.deletedAt !== null

  const follow = (event: MouseEvent): void => {
    // A new tab or window is the browser's affair.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    // What is in the trash has to be restored first.
    if (!inTrash) onOpen(id)
  }
  const onKey = (event: KeyboardEvent): void => {
    if (!mayChange || inTrash) return
    if (event.key === 'F2') setRenaming(true)
    else if (event.key === 'Delete') onAct(session, 'delete')
    else return
    event.preventDefault()
  }
  const endRename = (next: string | undefined): void => {
    setRenaming(false)
    if (next !== undefined && next !== session.title) onAct(session, { title: next })
    requestAnimationFrame(() => link.current?.focus())
  }
  if (renaming) {
    return (
      <li className="session">
        <RenameField title={session.title ?? ''} onEnd={endRename} />
      </li>
    )
  }
  return (
    <li className={active ? 'session active' : 'session'}>
      <a
        ref={link}
        href={pathOf(id)}
        title={`${title}\n${time(updatedAt)}`}
        className={unread && !active ? 'unread' : undefined}
        aria-current={active ? 'page' : undefined}
        onClick={follow}
        onKeyDown={onKey}
      >
        {own && pinned && !inTrash && <PushpinFilled className="session-mark" aria-label={t('sessions.pinned')} />}
        {own && session.shared && <ShareAltOutlined className="session-mark" aria-label={t('sessions.isShared')} />}
        {session.access === 'view' && <EyeOutlined className="session-mark" aria-label={t('members.view')} />}
        {activeRun && <LoadingOutlined className="session-mark" aria-label={t('answer.working')} />}
        {unread && !active && <span className="session-dot" role="img" aria-label={t('sessions.unread')} />}
        {title}
      </a>
      {(mayChange || !own) && (
        <Dropdown
          trigger={['click']}
          placement="bottomRight"
          menu={{
            items: menuOf(session).map((key) => ({
              key,
              label: t(`sessions.action.${key}`),
              danger: key === 'delete' || key === 'erase' || key === 'leave',
            })),
            onClick: ({ key, domEvent }) => {
              domEvent.stopPropagation()
              if (key === 'rename') setRenaming(true)
              else onAct(session, ACTIONS[key as keyof typeof ACTIONS])
            },
          }}
        >
          <Button
            type="text"
            size="small"
            className="session-more"
            icon={<MoreOutlined />}
            aria-label={t('sessions.actions', { title })}
          />
        </Dropdown>
      )}
    </li>
  )
})

const ACTIONS = {
  pin: { pinned: true },
  unpin: { pinned: false },
  organise: 'organise',
  archive: { archived: true },
  unarchive: { archived: false },
  share: 'share',
  export: 'export',
  delete: 'delete',
  restore: 'restore',
  erase: 'erase',
  leave: 'leave',
} as const satisfies Record<string, SessionAction>

function menuOf({ access, deletedAt, pinned, archived }: SessionView): (keyof typeof ACTIONS | 'rename')[] {
  if (access !== 'owner') return ['leave']
  if (deletedAt !== null) return ['restore', 'erase']
  return [
    'rename',
    pinned ? 'unpin' : 'pin',
    'organise',
    'share',
    'export',
    archived ? 'unarchive' : 'archive',
    'delete',
  ]
}
