import type { RunDeps } from '@askwire/runs'
import type { JobRow } from '@askwire/store'

/** Tells the person's devices how far a job is. Titles come by themselves, and a person who is being erased is told nothing. */
export function tellJob(deps: Pick<RunDeps, 'notices'>, job: JobRow): void {
  const { id: jobId, kind, status, done, total } = job
  if (kind === 'title' || job.input.account === true) return
  deps.notices.tell(job.userId, { event: 'job.progress', jobId, data: { kind, status, done, total } })
}
