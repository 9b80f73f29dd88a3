import { useTranslation } from 'react-i18next'
import { MarkdownView } from '../markdown-view.tsx'

/** As much of a message as is read here. */
export type SnapshotMessage = { role: 'user' | 'assistant'; content: string }

/** Questions as they were typed and answers as Markdown, to be read: nothing leads to a document. Of plain elements, so that it prints in ink. */
export function SnapshotView({ messages }: { messages: readonly SnapshotMessage[] }) {
  const { t } = useTranslation()
  return (
    <div className="snapshot">
      {messages.map(({ role, content }, index) =>
        role === 'user' ? (
          <section key={index} className="asked" aria-label={t('chat.question')}>
            {content}
          </section>
        ) : (
          <section key={index} className="answer" aria-label={t('chat.answer')}>
            <MarkdownView text={content} streaming={false} />
          </section>
        ),
      )}
    </div>
  )
}
