import { type RunDeps, reconcile, reconcileJobs } from '@askwire/runs'
import { systemClock } from '@askwire/runtime'
import { withReconcilerLock } from '@askwire/store'
import type { GatewayEvents } from './events.ts'
import { createSweep } from './sessions/sweep-sessions.ts'

const ROUND_MS = 2000

/** Mends, every two seconds on one replica at a time, what a death between two steps left behind. */
export function startReconciler(deps: RunDeps & { events: GatewayEvents }): { close(): Promise<void> } {
  const controller = new AbortController()
  const sweep = createSweep({
    ...deps,
    forget: async (sessionIds) => {
      for (const sessionId of sessionIds) await deps.log.delete(sessionId)
    },
  })
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
