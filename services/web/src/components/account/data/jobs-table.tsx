import type { JobView } from '@askwire/contracts'
import { Button, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { cancelJob } from '../../../api/jobs-api.ts'
import { useAction } from '../../../hooks/use-action.ts'
import { useDates } from '../../../hooks/use-dates.ts'
import type { JobList } from '../../../hooks/use-jobs.ts'
import { isUnfinished } from '../../../state/job-list.ts'
import { FailureAlert } from '../../failure-alert.tsx'
import { type Column, DataTable } from '../../layout/data-table.tsx'
import { LoadView } from '../../layout/load-view.tsx'
import { MoreButton } from '../../layout/more-button.tsx'
import { JobResult } from './job-result.tsx'

const COLOURS = { queued: 'default', running: 'blue', succeeded: 'green', failed: 'red', cancelled: 'default' } as const

/** My exports, imports and erasures: how far they are, what came of them, and the end of those that can be stopped. */
export function JobsTable({ jobs }: { jobs: JobList }) {
  const { t } = useTranslation()
  const { time } = useDates()
  const { busy, failure, run, dismiss } = useAction()
  const columns: Column<JobView>[] = [
    { key: 'kind', title: t('data.what'), cell: ({ kind }) => t(`data.kind.${kind}`) },
    { key: 'begun', title: t('data.begun'), cell: ({ createdAt }) => time(createdAt) },
    { key: 'state', title: t('data.state'), cell: (job) => <JobState job={job} /> },
    { key: 'result', title: t('data.result'), cell: (job) => <JobResult job={job} onChanged={jobs.show} /> },
    {
      key: 'stop',
      title: t('form.actions'),
      cell: (job) =>
        isUnfinished(job) &&
        job.kind !== 'erase' && (
          <Button
            size="small"
            disabled={busy}
            aria-label={t('data.stopName', { name: t(`data.kind.${job.kind}`) })}
            onClick={() => void run(async () => jobs.show(await cancelJob(job.id)))}
          >
            {t('data.stop')}
          </Button>
        ),
    },
  ]
  return (
    <>
      <FailureAlert failure={failure} area="formFailure" onDismiss={dismiss} />
      <LoadView loaded={jobs} isEmpty={({ items }) => items.length === 0} empty={t('data.noJobs')}>
        {({ items }) => <DataTable label={t('data.jobs')} columns={columns} rows={items} rowKey={({ id }) => id} />}
      </LoadView>
      <MoreButton more={jobs.more} />
    </>
  )
}

function JobState({ job }: { job: JobView }) {
  const { t } = useTranslation()
  const { status, done, total } = job
  return (
    <div className="job-state">
      <Tag color={COLOURS[status]}>{t(`data.status.${status}`)}</Tag>
      {status === 'running' && (
        <>
          <progress aria-label={t(`data.kind.${job.kind}`)} {...(total !== null && { value: done, max: total || 1 })} />
          <small>{total === null ? t('data.progressOpen', { done }) : t('data.progress', { done, total })}</small>
        </>
      )}
    </div>
  )
}
