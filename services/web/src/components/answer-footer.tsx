import { ReloadOutlined } from '@ant-design/icons'
import type { FeedbackRequest, MessageView } from '@askwire/contracts'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../format.ts'
import type { LiveRun } from '../state/session-state.ts'
import { BranchArrows } from './messages/branch-arrows.tsx'
import { CopyButton } from './messages/copy-button.tsx'
import { FeedbackButtons } from './messages/feedback-buttons.tsx'
import { FeedbackForm } from './messages/feedback-form.tsx'
import { MessageMenu } from './messages/message-menu.tsx'
import { type MessageTools, useMessageTools } from './messages/message-tools.ts'

type AnswerFooterProps = { run: LiveRun | undefined; answer: MessageView | undefined; text: string }

/** What can be done to an answer, and in small print who answered, how long it took and what it used. */
export function AnswerFooter({ run, answer, text }: AnswerFooterProps) {
  const { t } = useTranslation()
  const tools = useMessageTools()
  const [openFor, setOpenFor] = useState<string>()
  const { siblings, feedback } = answer ?? {}
  // Another answer may come into its place.
  const open = openFor !== undefined && openFor === answer?.id
  const setOpen = (wanted: boolean): void => setOpenFor(wanted ? answer?.id : undefined)
  const mayRate = tools?.mayOwn === true && answer !== undefined
  const rate = async (given: FeedbackRequest | null): Promise<boolean> =>
    tools !== null && answer !== undefined && (await tools.actions.rate(answer.id, given))
  const press = (rating: 'up' | 'down'): void => {
    if (feedback?.rating === rating) setOpen(!open)
    else void rate({ rating }).then(setOpen)
  }
  return (
    <>
      <footer className="answer-footer message-tools">
        {siblings && <BranchArrows ids={siblings.ids} index={siblings.index} of="answer" />}
        <CopyButton text={text} label={t('answer.copy')} />
        {tools?.mayAsk && answer && <AgainButton tools={tools} answerId={answer.id} />}
        {mayRate && <FeedbackButtons feedback={feedback} expanded={open} onRate={press} />}
        {answer && <MessageMenu message={answer} />}
        <AnswerFacts run={run} answer={answer} />
      </footer>
      {mayRate && feedback && open && (
        <FeedbackForm
          key={`${answer.id} ${feedback.rating}`}
          feedback={feedback}
          onRate={rate}
          onClose={() => setOpen(false)}
        />
      )}
      {feedback && !open && (feedback.reason ?? feedback.comment) !== null && (
        <p className="note feedback-note">
          {t('feedback.given')}{' '}
          {[feedback.reason && t(`feedback.reasons.${feedback.reason}`), feedback.comment].filter(Boolean).join(' · ')}
        </p>
      )}
    </>
  )
}

function AgainButton({ tools, answerId }: { tools: MessageTools; answerId: string }) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const regenerate = async (): Promise<void> => {
    setBusy(true)
    await tools.actions.regenerate(answerId)
    setBusy(false)
  }
  return (
    <Button
      type="text"
      size="small"
      icon={<ReloadOutlined />}
      loading={busy}
      aria-label={t('message.regenerate')}
      title={t('message.regenerate')}
      onClick={() => void regenerate()}
    />
  )
}

function AnswerFacts({ run, answer }: Pick<AnswerFooterProps, 'run' | 'answer'>) {
  const { t, i18n } = useTranslation()
  const usage = answer?.usage ?? run?.usage
  const totalMs = run?.timings?.totalMs
  const facts = [
    answer?.model ?? run?.model,
    totalMs === null || totalMs === undefined ? undefined : formatDuration(totalMs, i18n.language),
    usage && t(usage.estimated ? 'answer.estimated' : 'answer.tokens', { count: usage.totalTokens }),
  ].filter((fact) => fact)
  return <small>{facts.join(' · ')}</small>
}
