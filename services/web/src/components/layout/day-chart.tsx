import { useDates } from '../../hooks/use-dates.ts'

const HEIGHT = 120
const STEP = 12

/** A day: what is said of it, and what stands in its column from the bottom up, each with the name of its colour, if it has one. */
export type DayColumn = { day: string; title: string; parts: readonly { count: number; className?: string }[] }

type DayChartProps = {
  /** What it shows, for who cannot see it. */
  label: string
  /** Oldest first. */
  columns: readonly DayColumn[]
  /** Between the first day and the last. */
  note?: string
}

/** Counts of days as columns; the highest has the height of the chart. */
export function DayChart({ label, columns, note }: DayChartProps) {
  const { date } = useDates()
  const most = Math.max(1, ...columns.map(({ parts }) => sumOf(parts)))
  const tall = (count: number): number => (count / most) * HEIGHT
  const first = columns[0]
  const last = columns.at(-1)
  return (
    <>
      <svg
        className="day-chart"
        viewBox={`0 0 ${columns.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {columns.map(({ day, title, parts }, index) => (
          <g key={day}>
            <title>{`${date(day)}: ${title}`}</title>
            {parts.map(({ count, className }, at) => (
              <rect
                key={className ?? 'all'}
                className={className}
                x={index * STEP + 1}
                width={STEP - 2}
                y={HEIGHT - tall(sumOf(parts.slice(0, at + 1)))}
                height={tall(count)}
              />
            ))}
          </g>
        ))}
      </svg>
      <div className="axis">
        <span>{first && date(first.day)}</span>
        {note !== undefined && <span>{note}</span>}
        <span>{last && date(last.day)}</span>
      </div>
    </>
  )
}

const sumOf = (parts: DayColumn['parts']): number => parts.reduce((sum, { count }) => sum + count, 0)
