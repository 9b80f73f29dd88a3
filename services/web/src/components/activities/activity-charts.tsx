import type { ActivityStats } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import { useDates } from '../../hooks/use-dates.ts'
import { useActionName } from './action-names.ts'
import { countByAction, countByDay } from './count-activities.ts'

const HEIGHT = 120
const STEP = 12
const MAX_ACTIONS = 10

/** How much happened, by day and by action. */
export function ActivityCharts({ stats, days }: { stats: ActivityStats; days: number }) {
  const { t } = useTranslation()
  return (
    <div className="charts">
      <figure>
        <figcaption>{t('activities.byDay', { count: stats.total })}</figcaption>
        <DayChart stats={stats} days={days} />
      </figure>
      <figure>
        <figcaption>{t('activities.byAction')}</figcaption>
        <ActionChart stats={stats} />
      </figure>
    </div>
  )
}

function DayChart({ stats, days }: { stats: ActivityStats; days: number }) {
  const { t } = useTranslation()
  const { date } = useDates()
  const counts = countByDay(stats, days, Date.now())
  const most = Math.max(1, ...counts.map(({ count }) => count))
  const first = counts[0]
  const last = counts.at(-1)
  return (
    <>
      <svg
        className="day-chart"
        viewBox={`0 0 ${days * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('activities.dayChart', { count: days, most })}
      >
        {counts.map(({ day, count }, index) => (
          <rect
            key={day}
            x={index * STEP + 1}
            width={STEP - 2}
            y={HEIGHT - (count / most) * HEIGHT}
            height={(count / most) * HEIGHT}
          >
            <title>{`${date(day)}: ${count}`}</title>
          </rect>
        ))}
      </svg>
      <div className="axis">
        <span>{first && date(first.day)}</span>
        <span>{t('activities.most', { count: most })}</span>
        <span>{last && date(last.day)}</span>
      </div>
    </>
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
