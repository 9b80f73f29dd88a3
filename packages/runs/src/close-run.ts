import type { RunRow } from '@askwire/store'
import type { RunDeps } from './deps.ts'
import { logEnd } from './log-end.ts'
import { settleSession } from './settle-session.ts'

/** For a run that was ended by anyone but its own attempt: its end into the log, then the session's next run. */
export async function closeRun(deps: RunDeps, run: RunRow): Promise<void> {
  if (run.ordinal !== null && run.loggedAt === null) await logEnd(deps, run)
  await settleSession(deps, run.sessionId)
}
