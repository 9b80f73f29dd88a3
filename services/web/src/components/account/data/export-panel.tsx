import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { startExport } from '../../../api/jobs-api.ts'
import { useAction } from '../../../hooks/use-action.ts'
import type { JobList } from '../../../hooks/use-jobs.ts'
import { isUnfinished } from '../../../state/job-list.ts'
import { FailureAlert } from '../../failure-alert.tsx'

/** Begins to make an archive of everything, one at a time. */
export function ExportPanel({ jobs }: { jobs: JobList }) {
  const { t } = useTranslation()
  const { busy, failure, run, dismiss } = useAction()
  const underWay = jobs.data?.items.some((job) => job.kind === 'export' && isUnfinished(job)) ?? false
  return (
    <section className="panel" aria-label={t('data.exportTitle')}>
      <h2>{t('data.exportTitle')}</h2>
      <p className="note">{t('data.exportNote')}</p>
      <FailureAlert failure={failure} area="dataFailure" onDismiss={dismiss} />
      <div className="form-actions">
        <Button
          type="primary"
          loading={busy}
          disabled={underWay}
          onClick={() => void run(async () => jobs.show(await startExport()))}
        >
          {t('data.startExport')}
        </Button>
      </div>
    </section>
  )
}
