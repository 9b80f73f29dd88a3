import { type ReactNode, useCallback, useState } from 'react'
import { useLoad } from '../../hooks/use-load.ts'
import { type Range, RangeField } from '../forms/range-field.tsx'
import { LoadView } from './load-view.tsx'

type RangeViewProps<T> = {
  /** Loads what was counted over the last days. Give it through `useCallback`. */
  load(days: number): Promise<T>
  isEmpty(data: T): boolean
  empty: string
  /** Further choices beside that of the days. */
  filters?: ReactNode
  children(data: T, days: number): ReactNode
}

/** What was counted over the last days, with the choice of how many. */
export function RangeView<T>({ load, isEmpty, empty, filters, children }: RangeViewProps<T>) {
  const [range, setRange] = useState<Range>('30')
  const days = Number(range)
  const stats = useLoad(useCallback(() => load(days), [load, days]))
  return (
    <>
      <search className="filters">
        <RangeField value={range} onChange={setRange} />
        {filters}
      </search>
      <LoadView loaded={stats} isEmpty={isEmpty} empty={empty}>
        {(data) => children(data, days)}
      </LoadView>
    </>
  )
}
