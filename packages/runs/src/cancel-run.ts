import { CANCEL_KEY, type ControlMessage, isTerminal, SCHEMA_VERSION, type Scope } from '@askwire/contracts'
import { systemClock } from '@askwire/runtime'
import { forceEnd, getRun, type RunRow, requestCancel } from '@askwire/store'
import { closeRun } from './close-run.ts'
import type { RunDeps } from './deps.ts'

/** How long a worker has to stop its run and store the partial answer before the run is ended over its head. */
export const CANCEL_GRACE_MS = 3000
const POLL_MS = 25

/**
 * Stops a run in whatever state it is. Resolves with its final row, once that is durable. A finished run keeps its state.
 * A running run's worker is told and stores what it has; one that does not answer is fenced off. Throws `not_found`.
 */
export async function cancelRun(deps: RunDeps, scope: Scope, runId: string): Promise<RunRow> {
  const outcome = await requestCancel(deps.store, scope, runId)
  switch (outcome.kind) {
    case 'ended':
      return outcome.run
    case 'cancelled':
      await closeRun(deps, outcome.run)
      return outcome.run
    case 'running':
      return await stopRunning(deps, scope, runId)
    default:
      return outcome satisfies never
  }
}

async function stopRunning(deps: RunDeps, scope: Scope, runId: string): Promise<RunRow> {
  const message: ControlMessage = { schemaVersion: SCHEMA_VERSION, kind: 'cancel', runId }
  await deps.broker.sendControl(CANCEL_KEY, Buffer.from(JSON.stringify(message)))
  const deadline = performance.now() + CANCEL_GRACE_MS
  while (performance.now() < deadline) {
    const run = await getRun(deps.store, scope, runId)
    if (isTerminal(run.status)) return run
    await systemClock.sleep(POLL_MS)
  }
  const ended = await forceEnd(deps.store, { runId, status: 'cancelled' })
  if (ended) {
    deps.logger.warn({ runId }, 'the worker did not stop the run in time: ended without it')
    await closeRun(deps, ended)
  }
  return await getRun(deps.store, scope, runId)
}
