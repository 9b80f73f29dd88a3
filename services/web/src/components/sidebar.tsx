import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { pathOf } from '../hooks/use-open-session.ts'
import type { RecentSession } from '../state/recent-sessions.ts'
import { AccountMenu } from './account-menu.tsx'
import { SettingsBar } from './settings-bar.tsx'

type SidebarProps = {
  sessions: readonly RecentSession[]
  activeId: string | undefined
  onOpen(sessionId: string | undefined): void
  onForget(sessionId: string): void
}

/** The sessions opened in this browser, a new one, who is signed in, and the page's settings. */
export function Sidebar({ sessions, activeId, onOpen, onForget }: SidebarProps) {
  const { t } = useTranslation()
  const follow = (event: MouseEvent, id: string): void => {
    // A new tab or window is the browser's affair.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    onOpen(id)
  }
  return (
    <nav className="sidebar" aria-label={t('nav.recent')}>
      <div className="brand">
        <img src="/icon.svg" alt="" width={26} height={26} />
        <span>Askwire</span>
      </div>
      <Button block icon={<PlusOutlined />} onClick={() => onOpen(undefined)}>
        {t('nav.newSession')}
      </Button>
      <h2 className="sidebar-heading">{t('nav.recent')}</h2>
      {sessions.length === 0 && <p className="sidebar-empty">{t('nav.noRecent')}</p>}
      <ul className="session-list">
        {sessions.map(({ id, title }) => (
          <li key={id} className={id === activeId ? 'session active' : 'session'}>
            <a
              href={pathOf(id)}
              title={title}
              aria-current={id === activeId ? 'page' : undefined}
              onClick={(event) => follow(event, id)}
            >
              {title || t('nav.untitled')}
            </a>
            <button
              type="button"
              className="forget"
              aria-label={t('nav.forget', { title })}
              onClick={() => onForget(id)}
            >
              <CloseOutlined aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <AccountMenu />
      <SettingsBar />
    </nav>
  )
}
