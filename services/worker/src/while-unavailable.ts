import { AppError } from '@askwire/contracts'
import { backoffMs, type Logger, systemClock } from '@askwire/runtime'

const BACKOFF = { firstMs: 200, maxMs: 3000 }

/**
 * Repeats `work` while the database is away, as long as `signal` lets it: what a worker has answered is not thrown away for
 * an outage. Throws anything else at once, and the last error when the signal says so.
 */
export async function whileUnavailable<T>(
  deps: { logger: Logger; stopping: AbortSignal },
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isAway(error) || deps.stopping.aborted) throw error
      deps.logger.warn({ err: error, attempt }, `the database is away: could not ${what}, trying again`)
      await systemClock.sleep(backoffMs(attempt, BACKOFF), deps.stopping).catch(() => {})
    }
  }
}

/** True for an error that says nothing but that the database is away. */
export function isAway(error: unknown): boolean {
  return error instanceof AppError && error.code === 'database_unavailable'
}
