import { MoreOutlined } from '@ant-design/icons'
import type { MessageView } from '@askwire/contracts'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DeleteDialog } from './delete-dialog.tsx'
import { type MessageTools, useMessageTools } from './message-tools.ts'

type Choice = 'goOn' | 'forkPath' | 'forkAll' | 'delete'

/** What is done to a message now and then. */
export function MessageMenu({ message }: { message: MessageView }) {
  const { t } = useTranslation()
  const tools = useMessageTools()
  const [deleting, setDeleting] = useState(false)
  const choices = tools ? choicesOf(message, tools) : []
  if (!tools || choices.length === 0) return null
  const { id, role } = message
  const fork = async (branches: 'path' | 'all'): Promise<void> => {
    const forkId = await tools.actions.fork(id, branches)
    if (forkId !== undefined) tools.openSession(forkId)
  }
  const act: Record<Choice, () => void> = {
    goOn: () => void tools.actions.goOn(id),
    forkPath: () => void fork('path'),
    forkAll: () => void fork('all'),
    delete: () => setDeleting(true),
  }
  return (
    <>
      <Dropdown
        trigger={['click']}
        placement={role === 'user' ? 'bottomRight' : 'bottomLeft'}
        autoFocus
        menu={{
          items: choices.map((key) => ({ key, label: t(`message.action.${key}`), danger: key === 'delete' })),
          onClick: ({ key, domEvent }) => {
            domEvent.stopPropagation()
            act[key as Choice]()
          },
        }}
      >
        <Button
          type="text"
          size="small"
          icon={<MoreOutlined />}
          aria-label={t(`message.more.${role}`)}
          title={t(`message.more.${role}`)}
        />
      </Dropdown>
      <DeleteDialog message={message} open={deleting} onClose={() => setDeleting(false)} />
    </>
  )
}

function choicesOf({ role }: MessageView, { mayAsk, mayOwn, mayFork }: MessageTools): Choice[] {
  return [
    ...(mayAsk && role === 'assistant' ? (['goOn'] as const) : []),
    ...(mayFork ? (['forkPath', 'forkAll'] as const) : []),
    ...(mayOwn ? (['delete'] as const) : []),
  ]
}
