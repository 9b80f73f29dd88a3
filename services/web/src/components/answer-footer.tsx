import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import type { MessageView } from '@askwire/contracts'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../format.ts'
import { useCopy } from '../hooks/use-copy.ts'
import type { LiveRun } from '../state/session-state.ts'

type AnswerFooterProps = { run: LiveRun | undefined; answer: MessageView | undefined; text: string }

/** Copy, and in small print who answered, how long it took and what it used. */
export function AnswerFooter({ run, answer, text }: AnswerFooterProps) {
  const { t, i18n } = useTranslation()
  const { copied, copy } = useCopy()
  const usage = answer?.usage ?? run?.usage
  const totalMs = run?.timings?.totalMs
  const facts = [
    answer?.model ?? run?.model,
    totalMs === null || totalMs === undefined ? undefined : formatDuration(totalMs, i18n.language),
    usage && t(usage.estimated ? 'answer.estimated' : 'answer.tokens', { count: usage.totalTokens }),
  ].filter((fact) => fact)
  return (
    <footer className="answer-footer">
      <Button
        type="text"
        size="small"
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        aria-label={copied ? t('answer.copied') : t('answer.copy')}
        title={t('answer.copy')}
        onClick={() => void copy(text)}
      />
      <small>{facts.join(' · ')}</small>
    </footer>
  )
}
