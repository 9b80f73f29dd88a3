import { MoreOutlined, ShareAltOutlined } from '@ant-design/icons'
import type { SessionView } from '@askwire/contracts'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMe } from '../hooks/use-auth.ts'
import { isDialog, type SessionDialog } from './session-dialogs.tsx'

type SessionMenuProps = { session: SessionView; onDialog(dialog: SessionDialog): void }

/** Above the conversation: what can be done with the session that is open, one's own or one that a colleague shares. */
export function SessionMenu({ session, onDialog }: SessionMenuProps) {
  const { t } = useTranslation()
  const { permissions } = useMe()
  if (session.deletedAt !== null) return null
  const own = session.access === 'owner'
  const mayChange = own && permissions.includes('chat.ask')
  const kinds: SessionDialog['kind'][] = own ? (mayChange ? ['export', 'erase'] : ['export']) : ['leave']
  return (
    <>
      {mayChange && !session.temporary && (
        <Button
          type="text"
          icon={<ShareAltOutlined />}
          aria-label={t('sessions.action.share')}
          title={t('sessions.action.share')}
          onClick={() => onDialog({ kind: 'share', session })}
        />
      )}
      <Dropdown
        trigger={['click']}
        placement="bottomRight"
        menu={{
          items: kinds.map((kind) => ({ key: kind, label: t(`sessions.action.${kind}`), danger: kind !== 'export' })),
          onClick: ({ key }) => isDialog(key) && onDialog({ kind: key, session }),
        }}
      >
        <Button type="text" icon={<MoreOutlined />} aria-label={t('takeAway.menu')} />
      </Dropdown>
    </>
  )
}
