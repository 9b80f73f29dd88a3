import type { JobView } from '@askwire/contracts'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { getJob } from '../../../api/jobs-api.ts'
import { useAction } from '../../../hooks/use-action.ts'
import { useDates } from '../../../hooks/use-dates.ts'
import { useFailureText } from '../../../hooks/use-failure-text.ts'
import { useReasonText } from '../../../hooks/use-reason-text.ts'
import { followDownload } from '../../../save-file.ts'
import { countOf, exportProblemsOf, importReportOf, type ShownImport, type Told } from '../../../state/job-list.ts'
import { FailureAlert } from '../../failure-alert.tsx'

type JobResultProps = { job: JobView; onChanged(job: JobView): void }

/** What came of a job: an archive to fetch, what was imported and what was not, or why it failed. */
export function JobResult({ job, onChanged }: JobResultProps) {
  const failureText = useFailureText('jobFailure')
  const reasonText = useReasonText()
  const report = importReportOf(job)
  if (job.error) {
    const { reason } = job.error
    return <span className="job-failure">{reason ? reasonText(reason) : failureText(job.error)}</span>
  }
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
  const { problems, count } = exportProblemsOf(job)
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
      {count > 0 && <ToldList title={t('data.problems', { count })} told={problems} count={count} />}
      <FailureAlert failure={failure} area="formFailure" onDismiss={dismiss} />
    </div>
  )
}

function ImportResult({ report }: { report: ShownImport }) {
  const { t } = useTranslation()
  const { imported, already, skipped, skippedCount: count } = report
  return (
    <div className="job-report">
      {t('data.imported', { count: imported })}
      {already > 0 && <small>{t('data.already', { count: already })}</small>}
      {count > 0 && <ToldList title={t('data.skipped', { count })} told={skipped} count={count} />}
    </div>
  )
}

/** What was not taken, each with its reason in the page's language; of many only the first. */
function ToldList({ title, told, count }: { title: string; told: readonly Told[]; count: number }) {
  const { t } = useTranslation()
  const reasonText = useReasonText()
  const more = count - told.length
  return (
    <details>
      <summary>{title}</summary>
      <ul>
        {told.map((one, index) => (
          <li key={index}>
            <strong>{one.what}</strong> {reasonText(one)}
          </li>
        ))}
      </ul>
      {more > 0 && <p>{t('data.skippedMore', { count: more })}</p>}
    </details>
  )
}
