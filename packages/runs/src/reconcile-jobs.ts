import { jobQueue } from '@askwire/contracts'
import { dropExpiredJobs, listUnpublishedJobs, requeueLostJobs, unpublishForgottenJobs } from '@askwire/store'
import type { RunDeps } from './deps.ts'
import { publishJob } from './publish-job.ts'

const BATCH = 200
/** A publish under way in another process is left alone this long. */
const SETTLING_MS = 5000
/** A message is out of an empty queue this long at the most before its worker has claimed the job. */
const FORGOTTEN_MS = 15_000
/** Kinds that a worker consumes. */
export const CONSUMED_KINDS = ['import', 'export', 'erase', 'title'] as const

export type ReconciledJobs = { jobsRequeued: number; jobsPublished: number; jobsDropped: number }

/** One round of mending jobs: takes them back from workers whose lease ran out, publishes the outbox, drops what has expired. */
export async function reconcileJobs(deps: RunDeps, signal: AbortSignal): Promise<ReconciledJobs> {
  const jobsRequeued = await requeueLostJobs(deps.store)
  const waiting = await listUnpublishedJobs(deps.store, { limit: BATCH, olderThanMs: SETTLING_MS })
  if (waiting.length === 0) await unpublishWhatWasForgotten(deps)
  let jobsPublished = 0
  for (const job of waiting) {
    if (signal.aborted || !(await publishJob(deps, job))) break
    jobsPublished += 1
  }
  return { jobsRequeued, jobsPublished, jobsDropped: await dropExpiredJobs(deps.store) }
}

/** Only an empty queue says that published jobs are not in it. */
async function unpublishWhatWasForgotten(deps: RunDeps): Promise<void> {
  for (const kind of CONSUMED_KINDS) {
    const queue = await deps.broker.inspect(jobQueue(kind)).catch(() => undefined)
    if (queue?.messages === 0) await unpublishForgottenJobs(deps.store, { kind, olderThanMs: FORGOTTEN_MS })
  }
}
