import { type RunDeps, reconcile, reconcileJobs, sweepSessions } from '@askwire/runs'
import { systemClock } from '@askwire/runtime'
import { dropKeptReplies, withReconcilerLock } from '@askwire/store'
import type { GatewayEvents } from './events.ts'

const ROUND_MS = 2000
/** How often it is looked for sessions whose time is over. */
const SWEEP_MS = 30_000
/** Kept replies removed in one sweep. */
const DROPPED_AT_ONCE = 1000

/** Mends, every two seconds on one replica at a time, what a death between two steps left behind. */
export function startReconciler(deps: RunDeps & { events: GatewayEvents }): { close(): Promise<void> } {
  const controller = new AbortController()
  let sweepAt = Number.NEGATIVE_INFINITY
  const sweep = async (signal: AbortSignal): Promise<number> => {
    if (performance.now() < sweepAt) return 0
    sweepAt = performance.now() + SWEEP_MS
    await dropKeptReplies(deps.store, { limit: DROPPED_AT_ONCE })
    const { erased, whole } = await sweepSessions(deps, signal)
    if (!whole) sweepAt = Number.NEGATIVE_INFINITY
    return erased
  }
  const round = async (): Promise<void> => {
    await withReconcilerLock(deps.store, async (lost) => {
      const over = AbortSignal.any([controller.signal, lost])
      const done = {
        ...(await reconcile(deps, over)),
        ...(await reconcileJobs(deps, over)),
        erased: await sweep(over),
      }
      for (const [step, count] of Object.entries(done)) deps.events.reconciled(step, count)
    })
  }
  const rounds = async (): Promise<void> => {
    while (!controller.signal.aborted) {
      await round().catch((error: unknown) => deps.logger.warn({ err: error }, 'a reconciler round failed'))
      await systemClock.sleep(ROUND_MS, controller.signal).catch(() => {})
    }
  }
  const over = rounds()
  return {
    close: async () => {
      controller.abort()
      await over
    },
  }
}
