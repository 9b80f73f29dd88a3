import type { JobReport, Scope } from '@askwire/contracts'
import type { JobProgress, JobRow, JobTurn } from '@askwire/store'
import type { AttemptDeps } from '../attempt-deps.ts'

/** What an attempt at a job works with. */
export type JobContext = {
  deps: AttemptDeps
  job: JobRow
  turn: JobTurn
  scope: Scope
  /** Aborted when the attempt must end: this worker stops, or the job has gone on without it. Every long wait heeds it. */
  signal: AbortSignal
  /** Tells the person how far it has come, at most twice a second. What the next attempt goes on from is the row's. */
  tell(progress: Pick<JobProgress, 'done' | 'total'>): void
}

/** What came of a job; `lifeMs`: how long it, and the file it gives out, is kept. */
export type JobOutcome = { report: JobReport; lifeMs?: number }

/**
 * Does a job from where its `state` says. MUST be safe to be done again from there. Throws `invalid_request` for one that can never be done; what
 * else it throws is tried again.
 */
export type JobHandler = (context: JobContext) => Promise<JobOutcome>
