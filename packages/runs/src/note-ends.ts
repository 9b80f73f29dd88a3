import { gatherCalls } from '@askwire/runtime'
import { markTold, type RunRow } from '@askwire/store'
import type { RunDeps } from './deps.ts'
import { settleSession } from './settle-session.ts'

const MAX_ENDS = 200

/** Notes that a run's end is in the log, and gives its session's next run the turn. */
export type NoteEnd = (run: Pick<RunRow, 'id' | 'sessionId'>) => Promise<void>

/** Ends that come together are noted together; a session in which nobody waits, as in nearly every one, costs nothing more. */
export function createEndNotes(deps: RunDeps): NoteEnd {
  const mark = gatherCalls((runs: readonly Parameters<NoteEnd>[0][]) => markTold(deps.store, runs), {
    maxItems: MAX_ENDS,
  })
  return async (run) => {
    if ((await mark(run)).has(run.sessionId)) await settleSession(deps, run.sessionId)
  }
}
