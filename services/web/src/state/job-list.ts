import type { JobView, Notice } from '@askwire/contracts'

const UNFINISHED: ReadonlySet<JobView['status']> = new Set(['queued', 'running'])

/** True while something may still come of the job. */
export const isUnfinished = ({ status }: Pick<JobView, 'status'>): boolean => UNFINISHED.has(status)

/**
 * The jobs with what a notice says of one, and whether that one is to be asked for: it is not known here, or it has ended and has a result.
 * Notices may come late and twice: what has ended stays as it is, and no count goes back.
 */
export function withProgress(
  jobs: readonly JobView[],
  notice: Pick<Notice, 'event' | 'jobId' | 'data'>,
): { jobs: readonly JobView[]; ask: string | undefined } {
  const { event, jobId, data } = notice
  if (event !== 'job.progress' || jobId === null) return { jobs, ask: undefined }
  const known = jobs.find(({ id }) => id === jobId)
  if (!known) return { jobs, ask: jobId }
  if (!isUnfinished(known)) return { jobs, ask: undefined }
  const { status } = data
  if (status !== 'queued' && status !== 'running') return { jobs, ask: jobId }
  const done = typeof data.done === 'number' ? Math.max(known.done, data.done) : known.done
  const total = typeof data.total === 'number' ? data.total : known.total
  return { jobs: putJob(jobs, { ...known, status, done, total }), ask: undefined }
}

/** The jobs with this one as it is now: in its place, or first when it is new. */
export function putJob(jobs: readonly JobView[], job: JobView): JobView[] {
  if (!jobs.some(({ id }) => id === job.id)) return [job, ...jobs]
  return jobs.map((one) => (one.id === job.id ? job : one))
}

/** What an import says of itself when it is done. */
export type ImportReport = {
  imported: number
  already: number
  skipped: readonly { what: string; why: string }[]
  skippedCount: number
}

/** The report of an import; undefined when it has none. */
export function importReportOf({ kind, report }: Pick<JobView, 'kind' | 'report'>): ImportReport | undefined {
  if (kind !== 'import' || report === null) return undefined
  const { imported, already, skipped, skippedCount } = report
  const told = Array.isArray(skipped) ? skipped.filter(isSkipped) : []
  return {
    imported: countOf(imported),
    already: countOf(already),
    skipped: told,
    skippedCount: Math.max(countOf(skippedCount), told.length),
  }
}

/** A count of a report; 0 when it is none. */
export const countOf = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0)

const isSkipped = (one: unknown): one is { what: string; why: string } =>
  typeof one === 'object' &&
  one !== null &&
  'what' in one &&
  'why' in one &&
  typeof one.what === 'string' &&
  typeof one.why === 'string'
