import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getActivityStats } from '../../api/account-api.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { ActivitiesView } from '../activities/activities-view.tsx'
import { ActivityCharts } from '../activities/activity-charts.tsx'
import { type Range, RangeField } from '../forms/range-field.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { TenantField } from './tenant-field.tsx'

/** What happened in the tenant: counted by day and action, and one by one. */
export function ActivitiesSection() {
  const { t } = useTranslation()
  const [days, setDays] = useState<Range>('30')
  const [tenantId, setTenantId] = useState('')
  const stats = useLoad(
    useCallback(
      () => getActivityStats({ scope: 'tenant', days: Number(days), tenantId: tenantId || undefined }),
      [days, tenantId],
    ),
  )
  return (
    <>
      <search className="filters">
        <RangeField value={days} onChange={setDays} />
        <TenantField own value={tenantId} onChange={setTenantId} />
      </search>
      <LoadView loaded={stats} isEmpty={({ total }) => total === 0} empty={t('activities.none')}>
        {(data) => <ActivityCharts stats={data} days={Number(days)} />}
      </LoadView>
      <h2>{t('activities.title')}</h2>
      <ActivitiesView scope="tenant" tenantId={tenantId || undefined} />
    </>
  )
}
