import type { AppError } from '@askwire/contracts'
import { backoffMs } from '@askwire/runtime'

const BACKOFF = { firstMs: 500, maxMs: 8_000 }
/** A provider that asks for more patience than this is not waited for: the error says how long instead. */
const LONGEST_PAUSE_MS = 20_000

/** How long to wait before try `attempt + 1` (from 1), or `undefined` when another try makes no sense. Jittered. */
export function retryPauseMs(error: AppError, attempt: number, maxRetries: number): number | undefined {
  if (attempt > maxRetries || !error.retryable) return undefined
  const pauseMs = backoffMs(attempt, BACKOFF)
  if (error.retryAfterMs === undefined) return pauseMs
  // Never before the time that was asked for; the jitter comes on top.
  const askedMs = error.retryAfterMs + Math.round(pauseMs / 4)
  return askedMs <= LONGEST_PAUSE_MS ? askedMs : undefined
}
