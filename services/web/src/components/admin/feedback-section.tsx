import type { FeedbackStats } from '@askwire/contracts'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getFeedbackStats } from '../../api/settings-api.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { feedbackByDay } from '../../state/feedback-days.ts'
import { SelectField } from '../forms/field.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'

const DAYS = ['7', '30', '90', '365'] as const
const HEIGHT = 120
const STEP = 12

/** What the tenant's people think of answers, counted. */
export function FeedbackSection() {
  const { t } = useTranslation()
  const [days, setDays] = useState<(typeof DAYS)[number]>('30')
  const stats = useLoad(useCallback(() => getFeedbackStats(Number(days)), [days]))
  return (
    <>
      <p>{t('feedbackStats.note')}</p>
      <search className="filters">
        <SelectField
          label={t('activities.range')}
          value={days}
          options={DAYS.map((value) => ({ value, label: t('form.lastDays', { count: Number(value) }) }))}
          onChange={setDays}
        />
      </search>
      <LoadView loaded={stats} isEmpty={({ up, down }) => up + down === 0} empty={t('feedbackStats.none')}>
        {(data) => <FeedbackCharts stats={data} days={Number(days)} />}
      </LoadView>
    </>
  )
}

function FeedbackCharts({ stats, days }: { stats: FeedbackStats; days: number }) {
  const { t } = useTranslation()
  const { reasons, models } = stats
  return (
    <>
      <div className="charts">
        <figure>
          <figcaption>
            {t('feedbackStats.byDay')} · {t('feedbackStats.up')} {stats.up} · {t('feedbackStats.down')} {stats.down}
          </figcaption>
          <DayChart stats={stats} days={days} />
        </figure>
      </div>
      <h2>{t('feedbackStats.byReason')}</h2>
      <CountTable
        label={t('feedbackStats.byReason')}
        title={t('feedbackStats.reason')}
        rows={reasons.map(({ reason, ...counts }) => ({
          ...counts,
          name: t(`feedbackStats.reasons.${reason}`, { defaultValue: reason || t('feedbackStats.noReason') }),
        }))}
      />
      <h2>{t('feedbackStats.byModel')}</h2>
      <CountTable
        label={t('feedbackStats.byModel')}
        title={t('feedbackStats.model')}
        rows={models.map(({ model, ...counts }) => ({ ...counts, name: model ?? t('feedbackStats.unknownModel') }))}
      />
    </>
  )
}

function DayChart({ stats, days }: { stats: FeedbackStats; days: number }) {
  const { t } = useTranslation()
  const { date } = useDates()
  const counts = feedbackByDay(stats, days, Date.now())
  const most = Math.max(1, ...counts.map(({ up, down }) => up + down))
  const tall = (count: number): number => (count / most) * HEIGHT
  const first = counts[0]
  const last = counts.at(-1)
  return (
    <>
      <svg
        className="day-chart"
        viewBox={`0 0 ${days * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('feedbackStats.dayChart', { count: days })}
      >
        {counts.map(({ day, up, down }, index) => (
          <g key={day}>
            <title>{`${date(day)}: ${t('feedbackStats.up')} ${up}, ${t('feedbackStats.down')} ${down}`}</title>
            <rect className="up" x={index * STEP + 1} width={STEP - 2} y={HEIGHT - tall(up)} height={tall(up)} />
            <rect
              className="down"
              x={index * STEP + 1}
              width={STEP - 2}
              y={HEIGHT - tall(up + down)}
              height={tall(down)}
            />
          </g>
        ))}
      </svg>
      <div className="axis">
        <span>{first && date(first.day)}</span>
        <span>{last && date(last.day)}</span>
      </div>
    </>
  )
}

type Counted = { name: string; up: number; down: number }

function CountTable({ label, title, rows }: { label: string; title: string; rows: readonly Counted[] }) {
  const { t, i18n } = useTranslation()
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' })
  const columns: Column<Counted>[] = [
    { key: 'name', title, cell: ({ name }) => name },
    { key: 'up', title: t('feedbackStats.up'), numeric: true, cell: ({ up }) => up },
    { key: 'down', title: t('feedbackStats.down'), numeric: true, cell: ({ down }) => down },
    {
      key: 'share',
      title: t('feedbackStats.share'),
      numeric: true,
      cell: ({ up, down }) => percent.format(up / Math.max(1, up + down)),
    },
  ]
  return <DataTable label={label} columns={columns} rows={rows} rowKey={({ name }) => name} />
}
