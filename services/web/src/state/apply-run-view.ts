import type { RunView } from '@askwire/contracts'
import { hasEnded, newRun, type SessionState, withRun } from './session-state.ts'

/** Takes in what the database says of a run. What the stream has told of it is newer and stays, unless the run has ended. */
export function applyRunView(state: SessionState, view: RunView): SessionState {
  const { runId, status, attempt, error, timings, usage, answerId, position } = view
  const known = state.runs.get(runId)
  if (known && (hasEnded(known) || !hasEnded(view))) return state
  const run = known ?? newRun(runId)
  return withRun(state, {
    ...run,
    status,
    attempt,
    error: error ?? run.error,
    timings,
    usage,
    answerId,
    position: hasEnded(view) ? null : position,
  })
}
