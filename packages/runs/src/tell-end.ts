import type { RunRow } from '@askwire/store'
import type { RunDeps } from './deps.ts'

/** Tells the session's owner, on whatever device, that a run of theirs has ended. Costs the run nothing: it is not waited for. */
export function tellEnd(deps: Pick<RunDeps, 'notices'>, run: RunRow): void {
  const { id: runId, sessionId, status, answerId } = run
  deps.notices.tell(run.userId, { event: 'answer.finished', sessionId, data: { runId, status, answerId } })
}
