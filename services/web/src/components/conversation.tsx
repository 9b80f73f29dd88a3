import { ArrowDownOutlined } from '@ant-design/icons'
import type { Resource } from '@askwire/contracts'
import { Button, Skeleton } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { VirtualizerHandle } from 'virtua'
import { useShownMessage } from '../hooks/use-shown-message.ts'
import { useStickToBottom } from '../hooks/use-stick-to-bottom.ts'
import type { Turn } from '../state/list-turns.ts'
import { hasEnded } from '../state/session-state.ts'
import type { SessionView } from '../state/session-view.ts'
import { useMessageTools } from './messages/message-tools.ts'
import { QuestionBubble } from './question-bubble.tsx'
import { TurnList } from './turn-list.tsx'
import { TurnView } from './turn-view.tsx'
import { WelcomeView } from './welcome-view.tsx'

type ConversationProps = {
  turns: readonly Turn[]
  view: SessionView
  /** The message to open at; without one the end is shown. */
  messageId: string | undefined
  onAsk(question: string): Promise<boolean>
  onStop(runId: string): Promise<void>
  onOlder(): Promise<void>
  onSource(resource: Resource, from: HTMLElement): void
  onNew(): void
}

/** The questions and answers of the open session, its end kept in sight. */
export function Conversation({ turns, view, messageId, onAsk, onStop, onOlder, onSource, onNew }: ConversationProps) {
  const { t } = useTranslation()
  const mayAsk = useMessageTools()?.mayAsk ?? true
  const { sending, load, stopping, session } = view
  const empty = turns.length === 0 && sending === null
  const { scroller, content, atBottom, toBottom } = useStickToBottom(!empty && messageId === undefined)
  const list = useRef<VirtualizerHandle>(null)
  const older = session.olderCursor === null ? undefined : onOlder
  useShownMessage(content, messageId, { turns, older, list })
  useEffect(() => {
    if (sending !== null) toBottom()
  }, [sending, toBottom])

  const busy = turns.some(({ run }) => run !== undefined && !hasEnded(run))

  return (
    <div className="scroller" ref={scroller}>
      <div className="column" ref={content}>
        {load === 'missing' && (
          <section className="welcome">
            <h2>{t('chat.missing')}</h2>
            <p>{t('chat.missingHint')}</p>
            <Button type="primary" onClick={onNew}>
              {t('nav.newSession')}
            </Button>
          </section>
        )}
        {load === 'loading' && empty && (
          <div aria-busy="true" className="loading">
            <span className="visually-hidden">{t('chat.loading')}</span>
            <Skeleton active title={false} paragraph={{ rows: 4 }} />
          </div>
        )}
        {load === 'ready' && empty && mayAsk && <WelcomeView onAsk={onAsk} />}
        {/* Old turns that are drawn because the reader scrolls to them are no news. */}
        <div role="log" aria-label={t('chat.conversation')} aria-live={atBottom ? 'polite' : 'off'} aria-busy={busy}>
          <TurnList turns={turns} scroller={scroller} list={list} messageId={messageId} onOlder={older}>
            {({ question, run, answer, others }) => (
              <TurnView
                question={question}
                run={run}
                answer={answer}
                others={others}
                stopping={run !== undefined && stopping.has(run.runId)}
                onStop={onStop}
                onSource={onSource}
              />
            )}
          </TurnList>
          {sending !== null && (
            <article className="turn">
              <QuestionBubble text={sending} />
              <p className="note">{t('answer.sending')}</p>
            </article>
          )}
        </div>
      </div>
      {!atBottom && (
        <Button
          className="to-bottom"
          shape="circle"
          icon={<ArrowDownOutlined />}
          aria-label={t('chat.latest')}
          onClick={toBottom}
        />
      )}
    </div>
  )
}
