import type { Logger } from '@askwire/runtime'
import { eraseSessions, listSessionsToErase, type Store } from '@askwire/store'

/** How often what is due is looked for, and how many sessions one transaction erases. */
const EVERY_MS = 30_000
const AT_ONCE = 20
const MOST = 1000

/** Erases what is due, at most every half minute whoever calls it; answers how many sessions that were. */
export function createSweep(deps: {
  store: Store
  /** Forgets what is kept of these sessions outside the database. */
  forget(sessionIds: readonly string[]): Promise<void>
  logger: Logger
}): (signal: AbortSignal) => Promise<number> {
  let sweptAt = Number.NEGATIVE_INFINITY
  return async (signal) => {
    if (performance.now() - sweptAt < EVERY_MS) return 0
    sweptAt = performance.now()
    const due = await listSessionsToErase(deps.store, { limit: MOST })
    let erased = 0
    for (let at = 0; at < due.length && !signal.aborted; at += AT_ONCE) {
      const some = due.slice(at, at + AT_ONCE)
      erased += await eraseSessions(deps.store, some)
      await deps
        .forget(some)
        .catch((error: unknown) => deps.logger.warn({ err: error }, 'logs of erased sessions are left to their end'))
    }
    return erased
  }
}
