import type { JobView } from '@askwire/contracts'
import type { JobRow } from '@askwire/store'

/** A job as its owner sees it at `now`, in milliseconds since 1970 by the clock that all replicas share. */
export function jobToView(job: JobRow, now: number): JobView {
  const { id, kind, status, done, total, report, error, createdAt, finishedAt, expiresAt } = job
  const hasFile = kind === 'export' && status === 'succeeded' && expiresAt !== null && expiresAt.getTime() > now
  return {
    id,
    kind,
    status,
    done,
    total,
    report,
    error,
    downloadUrl: hasFile ? `/api/export/${id}/download` : null,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
  }
}
