import { Bubble } from '@ant-design/x'
import type { MessageView, Resource } from '@askwire/contracts'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { hasEnded, type LiveRun } from '../state/session-state.ts'
import { shownRun } from '../state/stored-run.ts'
import { AnswerFooter } from './answer-footer.tsx'
import { AnswerNotes } from './answer-notes.tsx'
import { CiteContext } from './cite-context.ts'
import { BranchArrows } from './messages/branch-arrows.tsx'
import { useMessageTools } from './messages/message-tools.ts'
import { SourcesList } from './sources-list.tsx'
import { StepsRow } from './steps-row.tsx'

// Not part of the first load; until it is here an answer shows as plain text.
// So it stays when the file is gone, as for a page that was open while a new version was installed.
const MarkdownView = lazy(() =>
  import('./markdown-view.tsx').then(
    (module) => ({ default: module.MarkdownView }),
    () => ({ default: PlainText }),
  ),
)

type AnswerViewProps = {
  questionId: string | undefined
  run: LiveRun | undefined
  answer: MessageView | undefined
  others: readonly string[]
  stopping: boolean
  onStop(runId: string): Promise<void>
  onSource(resource: Resource, from: HTMLElement): void
}

/** An answer: its steps, its text, its sources. What is stored comes before what was streamed. */
export function AnswerView(props: AnswerViewProps) {
  const { questionId, run: live, answer, others, stopping, onStop, onSource } = props
  const { t } = useTranslation()
  const tools = useMessageTools()
  const run = useMemo(() => shownRun(live, answer), [live, answer])
  const text = answer?.content ?? run?.text ?? ''
  const resources = answer?.resources ?? run?.resources ?? NONE
  const streaming = run !== undefined && !hasEnded(run) && answer === undefined
  const cite = useMemo(() => ({ resources, onSource }), [resources, onSource])

  const content = (
    <CiteContext value={cite}>
      {text !== '' && (
        <Suspense fallback={<PlainText text={text} />}>
          <MarkdownView text={text} streaming={streaming} />
        </Suspense>
      )}
    </CiteContext>
  )
  return (
    <section
      className="answer"
      aria-label={t('chat.answer')}
      aria-busy={streaming}
      {...(answer && { 'data-message': answer.id })}
    >
      {run && <StepsRow run={run} />}
      {run && run.reasoning !== '' && (
        <details className="reasoning">
          <summary>{t('answer.reasoning')}</summary>
          <p>{run.reasoning}</p>
        </details>
      )}
      {text !== '' && <Bubble variant="borderless" content={content} />}
      <AnswerNotes
        run={run}
        answer={answer}
        hasText={text !== ''}
        stopping={stopping}
        onAgain={
          tools?.mayAsk && questionId !== undefined ? () => void tools.actions.regenerate(questionId) : undefined
        }
        onGoOn={tools?.mayAsk && answer ? () => void tools.actions.goOn(answer.id) : undefined}
        onWithdraw={tools?.mayAsk && run ? () => void onStop(run.runId) : undefined}
      />
      {!answer && <BranchArrows ids={others} index={others.length} of="answer" />}
      {!streaming && <SourcesList resources={resources} text={text} onSource={onSource} />}
      {!streaming && text !== '' && <AnswerFooter run={run} answer={answer} text={text} />}
    </section>
  )
}

function PlainText({ text }: { text: string }) {
  return <p className="plain">{text}</p>
}

const NONE: readonly Resource[] = []
