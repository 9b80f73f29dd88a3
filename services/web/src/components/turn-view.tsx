import type { MessageView, Resource } from '@askwire/contracts'
import { memo } from 'react'
import type { LiveRun } from '../state/session-state.ts'
import { AnswerView } from './answer-view.tsx'
import { QuestionView } from './messages/question-view.tsx'
import { SummaryNote } from './messages/summary-note.tsx'

export type TurnViewProps = {
  question: MessageView | undefined
  run: LiveRun | undefined
  answer: MessageView | undefined
  /** Other answers there are while one is being made. */
  others: readonly string[]
  stopping: boolean
  onStop(runId: string): Promise<void>
  onSource(resource: Resource, from: HTMLElement): void
}

/** A question and its answer. Drawn again only when something of this turn has changed. */
export const TurnView = memo(function TurnView({ question, ...answer }: TurnViewProps) {
  const summary = answer.answer?.summary ?? question?.summary
  return (
    <article className="turn">
      {question && <QuestionView question={question} />}
      {(answer.run || answer.answer || answer.others.length > 0) && (
        <AnswerView {...answer} questionId={question?.id} />
      )}
      {summary && <SummaryNote summary={summary} />}
    </article>
  )
})
