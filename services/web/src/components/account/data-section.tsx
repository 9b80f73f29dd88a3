import { useTranslation } from 'react-i18next'
import { useMe } from '../../hooks/use-auth.ts'
import { useJobs } from '../../hooks/use-jobs.ts'
import { EraseAccount } from './data/erase-account.tsx'
import { ExportPanel } from './data/export-panel.tsx'
import { ImportPanel } from './data/import-panel.tsx'
import { JobsTable } from './data/jobs-table.tsx'

/** All that is mine: to take away, to bring here, to erase. */
export function DataSection() {
  const { t } = useTranslation()
  const me = useMe()
  const jobs = useJobs()
  return (
    <>
      <ExportPanel jobs={jobs} />
      {me.permissions.includes('chat.ask') && <ImportPanel onBegun={jobs.show} />}
      <h2>{t('data.jobs')}</h2>
      <JobsTable jobs={jobs} />
      {!me.trial && me.permissions.includes('account.manage') && <EraseAccount />}
    </>
  )
}
