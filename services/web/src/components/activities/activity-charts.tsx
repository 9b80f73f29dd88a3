import type { ActivityStats } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import { DayChart } from '../layout/day-chart.tsx'
import { useActionName } from './action-names.ts'
import { countByAction, countByDay } from './count-activities.ts'

const MAX_ACTIONS = 10

/** How much happened, by day and by action. */
export function ActivityCharts({ stats, days }: { stats: ActivityStats; days: number }) {
  const { t } = useTranslation()
  return (
    <div className="charts">
      <figure>
        <figcaption>{t('activities.byDay', { count: stats.total })}</figcaption>
        <ActivityDays stats={stats} days={days} />
      </figure>
      <figure>
        <figcaption>{t('activities.byAction')}</figcaption>
        <ActionChart stats={stats} />
      </figure>
    </div>
  )
}

function ActivityDays({ stats, days }: { stats: ActivityStats; days: number }) {
  const { t } = useTranslation()
  const counts = countByDay(stats, days, Date.now())
  const most = Math.max(1, ...counts.map(({ count }) => count))
  return (
    <DayChart
      label={t('activities.dayChart', { count: days, most })}
      columns={counts.map(({ day, count }) => ({ day, title: `${count}`, parts: [{ count }] }))}
      note={t('activities.most', { count: most })}
    />
  )
}

function ActionChart({ stats }: { stats: ActivityStats }) {
  const nameOf = useActionName()
  const counts = countByAction(stats).slice(0, MAX_ACTIONS)
  const most = counts[0]?.count ?? 1
  return (
    <ul className="action-chart">
      {counts.map(({ action, count }) => (
        <li key={action}>
          <span>{nameOf(action)}</span>
          <span className="bar" style={{ inlineSize: `${(count / most) * 100}%` }} aria-hidden />
          <span className="numeric">{count}</span>
        </li>
      ))}
    </ul>
  )
}
