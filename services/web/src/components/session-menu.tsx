import { MoreOutlined, ShareAltOutlined } from '@ant-design/icons'
import type { SessionView } from '@askwire/contracts'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMe } from '../hooks/use-auth.ts'
import type { SessionDialog } from './session-dialogs.tsx'

type SessionMenuProps = { session: SessionView; onDialog(dialog: SessionDialog): void }

/** Above the conversation: what can be done with the session that is open, when it is one's own. */
export function SessionMenu({ session, onDialog }: SessionMenuProps) {
  const { t } = useTranslation()
  const { permissions } = useMe()
  if (session.access !== 'owner' || session.deletedAt !== null) return null
  const mayChange = permissions.includes('chat.ask')
  const kinds = mayChange ? (['export', 'erase'] as const) : (['export'] as const)
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
          items: kinds.map((kind) => ({ key: kind, label: t(`sessions.action.${kind}`), danger: kind === 'erase' })),
          onClick: ({ key }) => onDialog({ kind: key === 'erase' ? 'erase' : 'export', session }),
        }}
      >
        <Button type="text" icon={<MoreOutlined />} aria-label={t('takeAway.menu')} />
      </Dropdown>
    </>
  )
}
