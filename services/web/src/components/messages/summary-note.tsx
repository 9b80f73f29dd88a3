import { FileTextOutlined } from '@ant-design/icons'
import type { MessageView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'

/** Where earlier messages no longer fitted the model: what stands for them from here on. A model wrote it, so it is shown as plain text. */
export function SummaryNote({ summary }: { summary: NonNullable<MessageView['summary']> }) {
  const { t } = useTranslation()
  const { content, messages, model } = summary
  return (
    <details className="summary-note">
      <summary>
        <FileTextOutlined aria-hidden /> {t('message.summary', { count: messages })}
      </summary>
      <p className="plain">{content}</p>
      <small>
        {t('message.summaryHint')} {model === 'rule' ? t('message.summaryByRule') : t('message.summaryBy', { model })}
      </small>
    </details>
  )
}
