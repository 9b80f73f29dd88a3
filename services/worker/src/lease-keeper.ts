import type { Logger } from '@askwire/runtime'
import { renewLeases, type Store } from '@askwire/store'
import type { ActiveRuns } from './active-runs.ts'

/** Leases are renewed this often; a redelivered run whose lease has not moved for three of these has lost its worker. */
export const RENEW_MS = 500

/**
 * Keeps the leases of all active runs with one statement each half second, and learns from it which runs were taken away
 * and which are to stop (the way a stop arrives when the broker is away). A round that fails is tried again: the lease is
 * many rounds long.
 */
export function startLeaseKeeper(
  deps: { store: Store; logger: Logger; active: ActiveRuns },
  leaseMs: number,
): { close(): Promise<void> } {
  let round: Promise<void> | undefined
  const renew = async (): Promise<void> => {
    const runs = deps.active.all().map(({ runId, attempt }) => ({ runId, attempt }))
    if (runs.length === 0) return
    const held = new Map((await renewLeases(deps.store, { runs, leaseMs })).map((run) => [run.runId, run]))
    for (const { runId, attempt } of runs) {
      const state = held.get(runId)
      if (!state) deps.active.fence(runId, attempt)
      else if (state.cancelRequested) deps.active.cancel(runId)
    }
  }
  const timer = setInterval(() => {
    round ??= renew()
      .catch((error: unknown) => deps.logger.warn({ err: error }, 'leases could not be renewed'))
      .finally(() => {
        round = undefined
      })
  }, RENEW_MS)
  return {
    close: async () => {
      clearInterval(timer)
      await round
    },
  }
}
