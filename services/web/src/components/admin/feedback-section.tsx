import type { FeedbackStats } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import { getFeedbackStats } from '../../api/settings-api.ts'
import { feedbackByDay } from '../../state/feedback-days.ts'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { DayChart } from '../layout/day-chart.tsx'
import { RangeView } from '../layout/range-view.tsx'

/** What the tenant's people think of answers, counted. */
export function FeedbackSection() {
  const { t } = useTranslation()
  return (
    <>
      <p>{t('feedbackStats.note')}</p>
      <RangeView load={getFeedbackStats} isEmpty={({ up, down }) => up + down === 0} empty={t('feedbackStats.none')}>
        {(stats, days) => <FeedbackCharts stats={stats} days={days} />}
      </RangeView>
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
          <FeedbackDays stats={stats} days={days} />
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

function FeedbackDays({ stats, days }: { stats: FeedbackStats; days: number }) {
  const { t } = useTranslation()
  return (
    <DayChart
      label={t('feedbackStats.dayChart', { count: days })}
      columns={feedbackByDay(stats, days, Date.now()).map(({ day, up, down }) => ({
        day,
        title: `${t('feedbackStats.up')} ${up}, ${t('feedbackStats.down')} ${down}`,
        parts: [
          { className: 'up', count: up },
          { className: 'down', count: down },
        ],
      }))}
    />
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
