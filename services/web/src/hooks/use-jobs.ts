import type { JobView } from '@askwire/contracts'
import { useCallback, useEffect, useRef } from 'react'
import { getJob, listJobs } from '../api/jobs-api.ts'
import { isUnfinished, putJob, withProgress } from '../state/job-list.ts'
import { useNotices } from './use-notices.ts'
import { type Pages, usePages } from './use-pages.ts'

/** Notices may be lost: as often as this what is under way is asked for. */
const LOOK_MS = 5_000

export type JobList = Pages<JobView> & {
  /** Shows a job as a request answered it. */
  show(job: JobView): void
}

/** My jobs, newest first, with how far they are. */
export function useJobs(): JobList {
  const pages = usePages(listJobs)
  const { data, put, reload } = pages
  const show = useCallback((job: JobView) => put((now) => ({ ...now, items: putJob(now.items, job) })), [put])
  const asking = useRef(new Set<string>())
  const look = useCallback(
    (jobId: string) => {
      if (asking.current.has(jobId)) return
      asking.current.add(jobId)
      // What fails now is asked again at the next look.
      void getJob(jobId)
        .then(show, () => {})
        .finally(() => asking.current.delete(jobId))
    },
    [show],
  )
  const items = data?.items ?? NONE
  useNotices({
    onGap: reload,
    onNotice: (notice) => {
      const { jobs, ask } = withProgress(items, notice)
      if (ask !== undefined) look(ask)
      if (jobs !== items) put((now) => ({ ...now, items: [...withProgress(now.items, notice).jobs] }))
    },
  })
  const unfinished = items.filter(isUnfinished).map(({ id }) => id)
  const key = unfinished.join()
  useEffect(() => {
    if (key === '') return
    const timer = setInterval(() => {
      for (const jobId of key.split(',')) look(jobId)
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [key, look])
  return { ...pages, show }
}

const NONE: readonly JobView[] = []
