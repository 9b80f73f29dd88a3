import { settleNext } from '@askwire/store'
import type { RunDeps } from './deps.ts'
import { logEnd } from './log-end.ts'
import { publishRun } from './publish-run.ts'

/** Runs that may end while waiting in one session; a bound for the loop, far above the per-user limit. */
const MAX_STEPS = 1000

/**
 * After a run's end is in the log: writes the ends of runs that ended while they waited, and gives the next waiting run its
 * turn. Safe to call at any time, by anyone, twice.
 */
export async function settleSession(deps: RunDeps, sessionId: string): Promise<void> {
  for (let step = 0; step < MAX_STEPS; step++) {
    const next = await settleNext(deps.store, sessionId)
    switch (next.kind) {
      case 'ended':
        await logEnd(deps, next.run)
        break
      case 'released':
        await publishRun(deps, next.run)
        return
      case 'idle':
        return
      default:
        next satisfies never
    }
  }
}
