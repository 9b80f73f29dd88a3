import type { MessageView } from '@askwire/contracts'
import { type LiveRun, newRun } from './session-state.ts'

/** The run behind a stored answer, as the page shows one: after a reload nothing of it comes by the stream. */
export function storedRun(answer: MessageView): LiveRun | undefined {
  const { run } = answer
  if (!run) return undefined
  const { runId, status, timings, error, steps = [] } = run
  return newRun(runId, { status, timings, error, steps, answerId: answer.id, questionId: answer.parentId })
}

/** What is known of an answer's making: the stream's account while it has one with steps, else what is stored. */
export function shownRun(run: LiveRun | undefined, answer: MessageView | undefined): LiveRun | undefined {
  if (!answer || (run && run.steps.length > 0)) return run
  const stored = storedRun(answer)
  if (!stored) return run
  return run ? { ...run, steps: stored.steps, timings: run.timings ?? stored.timings } : stored
}
