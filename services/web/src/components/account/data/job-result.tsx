import type { JobView } from '@askwire/contracts'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { getJob } from '../../../api/jobs-api.ts'
import { useAction } from '../../../hooks/use-action.ts'
import { useDates } from '../../../hooks/use-dates.ts'
import { useFailureText } from '../../../hooks/use-failure-text.ts'
import { followDownload } from '../../../save-file.ts'
import { countOf, type ImportReport, importReportOf } from '../../../state/job-list.ts'
import { FailureAlert } from '../../failure-alert.tsx'

type JobResultProps = { job: JobView; onChanged(job: JobView): void }

/** What came of a job: an archive to fetch, what was imported and what was not, or why it failed. */
export function JobResult({ job, onChanged }: JobResultProps) {
  const failureText = useFailureText('jobFailure')
  const report = importReportOf(job)
  if (job.error) return <span className="job-failure">{failureText(job.error)}</span>
  if (report) return <ImportResult report={report} />
  if (job.kind === 'export' && job.status === 'succeeded') return <Archive job={job} onChanged={onChanged} />
  return null
}

function Archive({ job, onChanged }: JobResultProps) {
  const { t } = useTranslation()
  const { time } = useDates()
  const { busy, failure, run, dismiss } = useAction()
  // Asked once more: that renews the access, and an archive that is gone is no page of an error.
  const fetchIt = async (): Promise<void> => {
    const now = await getJob(job.id)
    onChanged(now)
    if (now.downloadUrl !== null) followDownload(now.downloadUrl)
  }
  return (
    <div className="job-state">
      <small>{t('data.sessions', { count: countOf(job.report?.sessions) })}</small>
      {job.downloadUrl === null ? (
        <small>{t('data.expired')}</small>
      ) : (
        <>
          <Button size="small" loading={busy} onClick={() => void run(fetchIt)}>
            {t('data.download')}
          </Button>
          {job.expiresAt !== null && <small>{t('data.until', { at: time(job.expiresAt) })}</small>}
        </>
      )}
      <FailureAlert failure={failure} area="formFailure" onDismiss={dismiss} />
    </div>
  )
}

function ImportResult({ report }: { report: ImportReport }) {
  const { t } = useTranslation()
  const { imported, already, skipped, skippedCount } = report
  const more = skippedCount - skipped.length
  return (
    <div className="job-report">
      {t('data.imported', { count: imported })}
      {already > 0 && <small>{t('data.already', { count: already })}</small>}
      {skippedCount > 0 && (
        <details>
          <summary>{t('data.skipped', { count: skippedCount })}</summary>
          <ul>
            {skipped.map(({ what, why }, index) => (
              <li key={index}>
                <strong>{what}</strong> {why}
              </li>
            ))}
          </ul>
          {more > 0 && <p>{t('data.skippedMore', { count: more })}</p>}
        </details>
      )}
    </div>
  )
}
