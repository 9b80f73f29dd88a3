import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, EditOutlined } from '@ant-design/icons'
import type { QueuedQuestion } from '@askwire/contracts'
import { Button } from 'antd'
import { type ReactNode, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMessageTools } from './message-tools.ts'
import { TextEditor } from './text-editor.tsx'

/** The questions that wait for their turn, next first: to be edited, put into another order and withdrawn. */
export function QueueList({ queue }: { queue: readonly QueuedQuestion[] }) {
  const { t } = useTranslation()
  const titleId = useId()
  const [said, setSaid] = useState('')
  const list = useRef<HTMLOListElement>(null)
  /** What had the focus is gone: the next one has it, or else the field for a new question. */
  const focusNext = (): void => {
    requestAnimationFrame(() => {
      const next = list.current?.querySelector('button') ?? document.querySelector<HTMLElement>('.composer textarea')
      next?.focus()
    })
  }
  return (
    <>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {queue.length > 0 && (
        <section className="queue" aria-labelledby={titleId}>
          <h2 id={titleId}>{t('queue.title', { count: queue.length })}</h2>
          <ol ref={list}>
            {queue.map((queued, index) => (
              <QueueItem
                key={queued.runId}
                queued={queued}
                index={index}
                count={queue.length}
                onSaid={setSaid}
                onGone={focusNext}
              />
            ))}
          </ol>
        </section>
      )}
    </>
  )
}

/** As much of a question as tells it from others to those who hear the page. */
const NAME_CHARS = 80

type QueueItemProps = {
  queued: QueuedQuestion
  index: number
  count: number
  onSaid(text: string): void
  onGone(): void
}

function QueueItem({ queued, index, count, onSaid, onGone }: QueueItemProps) {
  const { t } = useTranslation()
  const tools = useMessageTools()
  const [editing, setEditing] = useState(false)
  const item = useRef<HTMLLIElement>(null)
  const { runId, message, kind } = queued
  if (editing && tools) {
    return (
      <li>
        <TextEditor
          text={message}
          label={t('queue.editLabel')}
          submit={t('form.save')}
          onSubmit={(text) => tools.actions.editQueued(runId, text)}
          onClose={() => {
            setEditing(false)
            requestAnimationFrame(() => item.current?.querySelector<HTMLElement>('[data-edit]')?.focus())
          }}
        />
      </li>
    )
  }
  const move = async (by: -1 | 1): Promise<void> => {
    if (index + by < 0 || index + by >= count) return
    if (await tools?.actions.moveQueued(runId, by)) onSaid(t('queue.moved', { place: index + by + 1, count }))
  }
  const button = (name: 'up' | 'down' | 'edit' | 'delete', icon: ReactNode, act: () => void, off = false) => (
    <Button
      type="text"
      size="small"
      icon={icon}
      aria-label={t(`queue.${name}`, { question: message.slice(0, NAME_CHARS) })}
      title={t(`queue.short.${name}`)}
      aria-disabled={off}
      data-edit={name === 'edit' ? '' : undefined}
      onClick={act}
    />
  )
  const remove = async (): Promise<void> => {
    if (await tools?.actions.removeQueued(runId)) onGone()
  }
  return (
    <li ref={item}>
      <span className="queue-text">{kind === 'regenerate' ? t('queue.again', { question: message }) : message}</span>
      {tools?.mayAsk && (
        <span className="message-tools">
          {count > 1 && button('up', <ArrowUpOutlined />, () => void move(-1), index === 0)}
          {count > 1 && button('down', <ArrowDownOutlined />, () => void move(1), index === count - 1)}
          {kind === 'ask' && button('edit', <EditOutlined />, () => setEditing(true))}
          {button('delete', <DeleteOutlined />, () => void remove())}
        </span>
      )}
    </li>
  )
}
