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

/** A reason as a report has it; one of an older version has no code. */
export type Told = { what: string; why: string; code: string | undefined; params: Record<string, string | number> }

/** What an import says of itself when it is done. */
export type ShownImport = { imported: number; already: number; skipped: readonly Told[]; skippedCount: number }

/** The report of an import; undefined when it has none. */
export function importReportOf({ kind, report }: Pick<JobView, 'kind' | 'report'>): ShownImport | undefined {
  if (kind !== 'import' || report === null) return undefined
  const { imported, already, skipped, skippedCount } = report
  const told = toldOf(skipped, 'what')
  return {
    imported: countOf(imported),
    already: countOf(already),
    skipped: told,
    skippedCount: Math.max(countOf(skippedCount), told.length),
  }
}

/** What an archive does not hold as it is here; `what` is the id of a session. */
export function exportProblemsOf({ report }: Pick<JobView, 'report'>): { problems: readonly Told[]; count: number } {
  const problems = toldOf(report?.problems, 'sessionId')
  return { problems, count: Math.max(countOf(report?.problemCount), problems.length) }
}

/** A count of a report; 0 when it is none. */
export const countOf = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0)

function toldOf(list: unknown, naming: 'what' | 'sessionId'): Told[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((one: unknown) => {
    if (!isRecord(one)) return []
    const { why, code, params } = one
    const what = one[naming]
    if (typeof what !== 'string' || typeof why !== 'string') return []
    return { what, why, code: typeof code === 'string' ? code : undefined, params: paramsOf(params) }
  })
}

function paramsOf(value: unknown): Told['params'] {
  const params: Told['params'] = {}
  for (const [name, one] of Object.entries(isRecord(value) ? value : {}))
    if (typeof one === 'string' || typeof one === 'number') params[name] = one
  return params
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
