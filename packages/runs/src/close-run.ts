import { encodeFrame, isTerminal, TERMINAL_EVENT } from '@askwire/contracts'
import { isoTime } from '@askwire/runtime'
import { type RunRow, runTimings } from '@askwire/store'
import type { RunDeps } from './deps.ts'
import { logEnd } from './log-end.ts'
import { settleSession } from './settle-session.ts'
import { tellEnd } from './tell-end.ts'

/**
 * For a run that was ended by anyone but its own attempt: its end into the log, then the session's next run. One that ended
 * while it waited has no place in the log yet; its followers are told at once, without an id.
 */
export async function closeRun(deps: RunDeps, run: RunRow): Promise<void> {
  if (run.ordinal === null && isTerminal(run.status)) await deps.broker.sendAnswers(run.sessionId, endNotice(deps, run))
  if (run.ordinal !== null && run.loggedAt === null) await logEnd(deps, run)
  if (isTerminal(run.status)) tellEnd(deps, run)
  await settleSession(deps, run.sessionId)
}

/** Tells followers that a run was taken out of the queue before it had its turn. */
export async function tellTakenOut(deps: Pick<RunDeps, 'broker' | 'clock'>, run: RunRow): Promise<void> {
  const finishedAt = new Date(deps.clock.now())
  await deps.broker.sendAnswers(run.sessionId, endNotice(deps, { ...run, status: 'cancelled', finishedAt }))
}

function endNotice({ clock }: Pick<RunDeps, 'clock'>, run: RunRow): string {
  const { sessionId, id: runId, attempt, status } = run
  return encodeFrame(TERMINAL_EVENT, {
    sessionId,
    runId,
    attempt,
    at: isoTime(clock),
    status,
    timings: runTimings(run),
  })
}
