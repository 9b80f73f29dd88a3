import { useCallback, useMemo, useRef, useState } from 'react'
import { type Selection, selectedOf, toggled, withRange } from '../state/selection.ts'

export type ListSelection = {
  /** Whether rows are being picked at all. */
  on: boolean
  /** Those picked that are listed, in the list's order. */
  ids: readonly string[]
  begin(): void
  end(): void
  /** Picks one or lets it go; `range`: all from the one before to it. */
  toggle(id: string, range: boolean): void
  all(): void
  none(): void
}

/** Rows picked out of a list. What leaves the list is picked no more. */
export function useSelection(list: readonly string[]): ListSelection {
  const [selection, setSelection] = useState<Selection>()
  const last = useRef<string>(undefined)
  const ids = useMemo(() => selectedOf(selection ?? NOTHING, list), [selection, list])
  const toggle = useCallback(
    (id: string, range: boolean) => {
      const from = last.current
      last.current = id
      setSelection((now = NOTHING) => (range && from !== undefined ? withRange(now, list, from, id) : toggled(now, id)))
    },
    [list],
  )
  const put = (next: Selection | undefined) => () => {
    last.current = undefined
    setSelection(next)
  }
  return {
    on: selection !== undefined,
    ids,
    begin: put(NOTHING),
    end: put(undefined),
    toggle,
    all: put(new Set(list)),
    none: put(NOTHING),
  }
}

const NOTHING: Selection = new Set()
