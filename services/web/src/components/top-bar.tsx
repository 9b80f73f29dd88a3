import { EditOutlined, LoadingOutlined, MenuOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../api/follow-stream.ts'

type TopBarProps = {
  title: string | undefined
  connection: Connection
  /** Opens the list of sessions where it is not beside the conversation. */
  onMenu: (() => void) | undefined
  onNew(): void
  /** What can be done with the session. */
  actions?: ReactNode
}

/** The session's name, and the state of the connection when there is something to say of it. */
export function TopBar({ title, connection, onMenu, onNew, actions }: TopBarProps) {
  const { t } = useTranslation()
  return (
    <header className="top-bar">
      {onMenu && <Button type="text" icon={<MenuOutlined />} aria-label={t('nav.open')} onClick={onMenu} />}
      <h1 className="top-title" title={title}>
        {title ?? (onMenu ? 'Askwire' : '')}
      </h1>
      <div role="status" className={`connection ${connection}`}>
        {connection !== 'open' && (
          <>
            <LoadingOutlined aria-hidden /> {t(`connection.${connection}`)}
          </>
        )}
      </div>
      {actions}
      {onMenu && <Button type="text" icon={<EditOutlined />} aria-label={t('nav.newSession')} onClick={onNew} />}
    </header>
  )
}
