import { Bubble } from '@ant-design/x'
import { useTranslation } from 'react-i18next'

/** A question, as it was typed: never read as Markdown. */
export function QuestionBubble({ id, text }: { id?: string; text: string }) {
  const { t } = useTranslation()
  return (
    <div className="question" {...(id !== undefined && { 'data-message': id })}>
      <span className="visually-hidden">{t('chat.question')}</span>
      <Bubble placement="end" shape="corner" content={text} />
    </div>
  )
}
