import type { AnswerEvent, Timings } from '@askwire/contracts'
import { isTerminal, toRunErrorView } from '@askwire/contracts'
import type { RunRow, StoredAnswer } from '@askwire/store'

/** Phases of a run from its row, in milliseconds. */
export function runTimings(run: Pick<RunRow, 'createdAt' | 'startedAt' | 'firstTokenAt' | 'finishedAt'>): Timings {
  const since = (from: Date | null, to: Date | null): number | null =>
    from && to ? Math.max(0, to.getTime() - from.getTime()) : null
  return {
    queuedMs: since(run.createdAt, run.startedAt ?? run.finishedAt),
    firstTokenMs: since(run.createdAt, run.firstTokenAt),
    totalMs: since(run.createdAt, run.finishedAt),
  }
}

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
