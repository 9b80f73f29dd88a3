import type { Action, ActivityView, Page } from '@askwire/contracts'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { dayBounds } from '../../state/day-bounds.ts'
import { SelectField, TextField } from '../forms/field.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { MoreButton } from '../layout/more-button.tsx'
import { ACTIONS, useActionName } from './action-names.ts'
import { ActivityDetails } from './activity-details.tsx'

type ActivitiesViewProps = { scope: 'own' | 'tenant'; tenantId?: string | undefined; aside?: ReactNode }

/** What happened, newest first, filtered by what and when. */
export function ActivitiesView({ scope, tenantId, aside }: ActivitiesViewProps) {
  const { t } = useTranslation()
  const { time } = useDates()
  const nameOf = useActionName()
  const [action, setAction] = useState<Action | 'all'>('all')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const load = useCallback(
    (cursor: string | undefined): Promise<Page<ActivityView>> =>
      api.listActivities({
        scope,
        tenantId,
        cursor,
        ...(action !== 'all' && { action }),
        ...dayBounds({ from, to }),
      }),
    [scope, tenantId, action, from, to],
  )
  const pages = usePages(load)
  const columns = useMemo(
    (): Column<ActivityView>[] => [
      { key: 'at', title: t('activities.at'), cell: ({ at }) => <time dateTime={at}>{time(at)}</time> },
      { key: 'action', title: t('activities.action'), cell: (activity) => nameOf(activity.action) },
      ...(scope === 'tenant'
        ? [
            {
              key: 'actor',
              title: t('activities.actor'),
              cell: ({ actorName, actorId }: ActivityView) => actorName ?? actorId ?? t('activities.nobody'),
            },
          ]
        : []),
      { key: 'address', title: t('logins.address'), cell: ({ address }) => address },
      { key: 'details', title: t('activities.details'), cell: (activity) => <ActivityDetails activity={activity} /> },
    ],
    [t, time, nameOf, scope],
  )
  return (
    <>
      <search className="filters">
        <SelectField
          label={t('activities.action')}
          value={action}
          options={[
            { value: 'all', label: t('form.all') },
            ...ACTIONS.map((value) => ({ value, label: nameOf(value) })),
          ]}
          onChange={setAction}
        />
        <TextField label={t('activities.from')} type="date" value={from} onChange={setFrom} />
        <TextField label={t('activities.to')} type="date" value={to} onChange={setTo} />
        {aside}
      </search>
      <LoadView loaded={pages} isEmpty={({ items }) => items.length === 0} empty={t('activities.none')}>
        {({ items }) => (
          <DataTable label={t('activities.title')} columns={columns} rows={items} rowKey={({ id }) => id} />
        )}
      </LoadView>
      <MoreButton more={pages.more} />
    </>
  )
}
