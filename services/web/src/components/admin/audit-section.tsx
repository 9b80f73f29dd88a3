import type { AuditVerification } from '@askwire/contracts'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { verifyAudit } from '../../api/people-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { FailureAlert } from '../failure-alert.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'

type Checked = AuditVerification['tenants'][number]

/** Checks that nobody has changed the record of what happened. */
export function AuditSection() {
  const { t } = useTranslation()
  const [result, setResult] = useState<AuditVerification>()
  const { busy, failure, run, dismiss } = useAction()
  const columns: Column<Checked>[] = [
    { key: 'tenant', title: t('account.tenant'), cell: ({ tenantId }) => <code>{tenantId}</code> },
    {
      key: 'ok',
      title: t('audit.result'),
      cell: ({ ok, problem, brokenAt }) =>
        ok ? t('audit.whole') : `${t(`audit.problems.${problem ?? 'changed'}`)} ${brokenAt ?? ''}`,
    },
    { key: 'checked', title: t('audit.checked'), numeric: true, cell: ({ checked }) => checked },
    { key: 'unsealed', title: t('audit.unsealed'), numeric: true, cell: ({ unsealed }) => unsealed },
  ]
  return (
    <>
      <p>{t('audit.note')}</p>
      <div className="form-actions">
        <Button type="primary" loading={busy} onClick={() => void run(async () => setResult(await verifyAudit()))}>
          {t('audit.verify')}
        </Button>
      </div>
      <FailureAlert failure={failure} area="formFailure" onDismiss={dismiss} />
      {result && (
        <>
          <Alert
            role="status"
            showIcon
            type={result.ok ? 'success' : 'error'}
            title={result.ok ? t('audit.ok') : t('audit.broken')}
          />
          <DataTable
            label={t('admin.sections.audit')}
            columns={columns}
            rows={result.tenants}
            rowKey={({ tenantId }) => tenantId}
          />
        </>
      )}
    </>
  )
}
