import { LoadingOutlined, ReloadOutlined } from '@ant-design/icons'
import type { MessageView } from '@askwire/contracts'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFailureText } from '../hooks/use-failure-text.ts'
import { hasEnded, type LiveRun } from '../state/session-state.ts'

type AnswerNotesProps = {
  run: LiveRun | undefined
  answer: MessageView | undefined
  hasText: boolean
  stopping: boolean
  /** Has the question answered once more. */
  onAgain: (() => void) | undefined
  /** Has the answer go on. */
  onGoOn: (() => void) | undefined
  onWithdraw: (() => void) | undefined
}

/** What there is to say of an answer beside its text: that it waits, works, was stopped, broke off or failed. */
export function AnswerNotes({ run, answer, hasText, stopping, onAgain, onGoOn, onWithdraw }: AnswerNotesProps) {
  const { t } = useTranslation()
  const failureText = useFailureText()
  if (run && !hasEnded(run) && !answer) {
    if (run.status === 'running')
      return run.steps.length > 0 || hasText ? null : <Working text={t('answer.starting')} />
    const ahead = run.position ?? 0
    return (
      <p className="note waiting" role="status">
        <LoadingOutlined aria-hidden />
        {stopping ? t('answer.stopping') : ahead > 0 ? t('answer.waiting', { count: ahead }) : t('answer.next')}
        {!stopping && ahead > 0 && onWithdraw && (
          <Button size="small" type="link" onClick={onWithdraw}>
            {t('answer.withdraw')}
          </Button>
        )}
      </p>
    )
  }
  const reason = answer?.finishReason ?? run?.finishReason
  const again = onAgain && (
    <Button size="small" icon={<ReloadOutlined />} onClick={onAgain}>
      {t('failure.again')}
    </Button>
  )
  if (run?.error && (run.status === 'failed' || run.status === 'expired')) {
    return <Alert type="error" showIcon className="answer-alert" title={failureText(run.error)} action={again} />
  }
  if (run?.status === 'failed' || run?.status === 'expired' || reason === 'error') {
    return <Alert type="error" showIcon className="answer-alert" title={t('answer.cut')} action={again} />
  }
  if (run?.status === 'cancelled' || reason === 'cancelled') {
    return <p className="note">{hasText ? t('answer.stopped') : t('answer.stoppedEmpty')}</p>
  }
  if (reason === 'length') {
    return (
      <p className="note">
        {t('answer.length')}
        {onGoOn && (
          <Button size="small" type="link" onClick={onGoOn}>
            {t('message.action.goOn')}
          </Button>
        )}
      </p>
    )
  }
  if (reason === 'content_filter') return <p className="note">{t('answer.filtered')}</p>
  if (run?.replaced) return <p className="note">{t(`answer.${run.replaced}`)}</p>
  if (!hasText) return <p className="note">{t('answer.empty')}</p>
  return null
}

function Working({ text }: { text: string }) {
  return (
    <p className="note" role="status">
      <LoadingOutlined aria-hidden /> {text}
    </p>
  )
}
