import { EditOutlined } from '@ant-design/icons'
import type { MessageView } from '@askwire/contracts'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { QuestionBubble } from '../question-bubble.tsx'
import { BranchArrows } from './branch-arrows.tsx'
import { CopyButton } from './copy-button.tsx'
import { MessageMenu } from './message-menu.tsx'
import { useMessageTools } from './message-tools.ts'
import { TextEditor } from './text-editor.tsx'

/** A question with what can be done to it. Asked differently, it becomes a branch of its own. */
export function QuestionView({ question }: { question: MessageView }) {
  const { t } = useTranslation()
  const tools = useMessageTools()
  const [editing, setEditing] = useState(false)
  const edit = useRef<HTMLButtonElement>(null)
  const { id, content, siblings } = question
  if (editing && tools) {
    return (
      <TextEditor
        text={content}
        label={t('message.editLabel')}
        submit={t('message.ask')}
        hint={t('message.editHint')}
        onSubmit={(text) => tools.actions.edit(id, text)}
        onClose={() => {
          setEditing(false)
          requestAnimationFrame(() => edit.current?.focus())
        }}
      />
    )
  }
  return (
    <>
      <QuestionBubble id={id} text={content} />
      <div className="message-tools of-question">
        {siblings && <BranchArrows ids={siblings.ids} index={siblings.index} of="question" />}
        {tools && <CopyButton text={content} label={t('message.copyQuestion')} />}
        {tools?.mayAsk && (
          <Button
            ref={edit}
            type="text"
            size="small"
            icon={<EditOutlined />}
            aria-label={t('message.edit')}
            title={t('message.edit')}
            onClick={() => setEditing(true)}
          />
        )}
        <MessageMenu message={question} />
      </div>
    </>
  )
}
