import { AppError } from '@askwire/contracts'

/** A run this worker is answering. */
export type ActiveRun = { runId: string; attempt: number; controller: AbortController }

/** The runs this worker is answering now, by id: what a control message, a lost lease or a drain can reach. */
export function createActiveRuns() {
  const runs = new Map<string, ActiveRun>()
  return {
    add: (run: ActiveRun): void => void runs.set(run.runId, run),
    remove: (run: ActiveRun): void => {
      if (runs.get(run.runId) === run) runs.delete(run.runId)
    },
    all: (): ActiveRun[] => [...runs.values()],
    get size(): number {
      return runs.size
    },
    /** The user's stop. */
    cancel: (runId: string): void =>
      runs.get(runId)?.controller.abort(new AppError('cancelled', 'Stopped by the user.')),
    /** The attempt is no longer the run's. A run that has just ended looks the same, and is no longer here. */
    fence: (runId: string, attempt: number): void => {
      const run = runs.get(runId)
      if (run?.attempt === attempt)
        run.controller.abort(new AppError('stale_attempt', 'The run has gone on without this attempt.'))
    },
    /** This worker is stopping and its grace is over. */
    handBackAll: (): void => {
      for (const { controller } of runs.values())
        controller.abort(new AppError('draining', 'This worker is shutting down.'))
    },
  }
}
export type ActiveRuns = ReturnType<typeof createActiveRuns>
