import { type RunView, toRunErrorView } from '@askwire/contracts'
import { type RunRow, runPosition, runTimings } from '@askwire/store'
import type { GatewayContext } from '../context.ts'

/** A run's row as clients see it. */
export async function runToView({ store }: Pick<GatewayContext, 'store'>, run: RunRow): Promise<RunView> {
  return {
    runId: run.id,
    sessionId: run.sessionId,
    status: run.status,
    attempt: run.attempt,
    position: await runPosition(store, run),
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    answerId: run.answerId,
    usage: run.usage,
    timings: runTimings(run),
    error: run.error && toRunErrorView(run.error, run.id),
  }
}
