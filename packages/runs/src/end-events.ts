import type { AnswerEvent } from '@askwire/contracts'
import { isTerminal, toRunErrorView } from '@askwire/contracts'
import { type RunRow, runTimings, type StoredAnswer } from '@askwire/store'

/** The last events of an ended run: the answer as stored (when there is one), the error (when there is one), the end. */
export function endEvents(run: RunRow, answer: StoredAnswer | null): AnswerEvent[] {
  if (!isTerminal(run.status)) throw new Error(`run ${run.id} has not ended`)
  const events: AnswerEvent[] = []
  if (run.error) events.push({ event: 'error', error: toRunErrorView(run.error, run.id) })
  if (answer?.usage) {
    events.push({
      event: 'message_end',
      answerId: answer.id,
      text: answer.content.length,
      usage: answer.usage,
      finishReason: answer.finishReason ?? 'stop',
      resources: answer.resources,
    })
  }
  events.push({ event: 'workflow_finished', status: run.status, timings: runTimings(run) })
  return events
}
