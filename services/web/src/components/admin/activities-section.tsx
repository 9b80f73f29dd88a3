import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getActivityStats } from '../../api/account-api.ts'
import { ActivitiesView } from '../activities/activities-view.tsx'
import { ActivityCharts } from '../activities/activity-charts.tsx'
import { RangeView } from '../layout/range-view.tsx'
import { TenantField } from './tenant-field.tsx'

/** What happened in the tenant: counted by day and action, and one by one. */
export function ActivitiesSection() {
  const { t } = useTranslation()
  const [tenantId, setTenantId] = useState('')
  const load = useCallback(
    (days: number) => getActivityStats({ scope: 'tenant', days, tenantId: tenantId || undefined }),
    [tenantId],
  )
  return (
    <>
      <RangeView
        load={load}
        isEmpty={({ total }) => total === 0}
        empty={t('activities.none')}
        filters={<TenantField own value={tenantId} onChange={setTenantId} />}
      >
        {(stats, days) => <ActivityCharts stats={stats} days={days} />}
      </RangeView>
      <h2>{t('activities.title')}</h2>
      <ActivitiesView scope="tenant" tenantId={tenantId || undefined} />
    </>
  )
}
