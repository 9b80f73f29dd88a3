import { takeSessionsToErase } from '@askwire/store'
import type { RunDeps } from './deps.ts'
import { eraseSession } from './erase-session.ts'

/** Erased in one sweep: as many as do not keep the reconciler from its other work. */
const AT_ONCE = 50
/** When so many could not be erased, something is away, and each try would wait for it. */
const MOST_FAILURES = 3

/** `whole`: nothing that is due is left. */
export type Swept = { erased: number; whole: boolean }

/** Erases sessions whose time is over, without a receipt: nobody asked for it. What fails is tried again by the next sweep. */
export async function sweepSessions(deps: RunDeps, signal: AbortSignal): Promise<Swept> {
  const due = await takeSessionsToErase(deps.store, { limit: AT_ONCE })
  let erased = 0
  let failures = 0
  for (const { scope, sessionId } of due) {
    if (signal.aborted || failures === MOST_FAILURES) break
    try {
      erased += (await eraseSession(deps, scope, sessionId, { receipt: false })).sessions ?? 0
    } catch (error) {
      failures += 1
      deps.logger.warn({ err: error, sessionId }, 'a session is left to the next sweep')
    }
  }
  return { erased, whole: failures > 0 || due.length < AT_ONCE }
}
