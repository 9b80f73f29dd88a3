import { useCallback, useEffect, useRef, useState } from 'react'
import { type ApiError, toApiError } from '../api/api-error.ts'

export type Loaded<T> = {
  /** Missing until it came once; a later failure keeps it. */
  data: T | undefined
  /** False while what is here is of another `load`, and what is wanted is on its way. */
  current: boolean
  failure: ApiError | undefined
  reload(): void
  /** Puts in what a change answered, without asking again. */
  put(change: (data: T) => T): void
}

/** Loads something when the component comes and whenever `load` changes (give it through `useCallback`). The last asked wins. */
export function useLoad<T>(load: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<{ data: T; of: () => Promise<T> }>()
  const [failure, setFailure] = useState<ApiError>()
  const turn = useRef(0)
  const reload = useCallback(() => {
    turn.current += 1
    const mine = turn.current
    const isLast = (): boolean => turn.current === mine
    load().then(
      (data) => {
        if (!isLast()) return
        setLoaded({ data, of: load })
        setFailure(undefined)
      },
      (error: unknown) => isLast() && setFailure(toApiError(error)),
    )
  }, [load])
  useEffect(() => {
    reload()
    return () => {
      turn.current += 1
    }
  }, [reload])
  const put = useCallback((change: (data: T) => T) => setLoaded((now) => now && { ...now, data: change(now.data) }), [])
  return { data: loaded?.data, current: loaded?.of === load, failure, reload, put }
}
