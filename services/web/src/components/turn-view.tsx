import type { MessageView, Resource } from '@askwire/contracts'
import { memo } from 'react'
import type { LiveRun } from '../state/session-state.ts'
import { AnswerView } from './answer-view.tsx'
import { QuestionBubble } from './question-bubble.tsx'

export type TurnViewProps = {
  question: MessageView | undefined
  run: LiveRun | undefined
  answer: MessageView | undefined
  stopping: boolean
  latest: boolean
  onAsk(question: string): Promise<boolean>
  onStop(runId: string): Promise<void>
  onSource(resource: Resource, from: HTMLElement): void
}

/** A question and its answer. Drawn again only when something of this turn has changed. */
export const TurnView = memo(function TurnView({ question, ...answer }: TurnViewProps) {
  return (
    <article className="turn">
      {question && <QuestionBubble id={question.id} text={question.content} />}
      {(answer.run || answer.answer) && <AnswerView {...answer} question={question?.content} />}
    </article>
  )
})
