import { useCallback, useEffect, useRef, useState } from 'react'
import { type ApiError, toApiError } from '../api/api-error.ts'

export type Loaded<T> = {
  /** Missing until it came once; a later failure keeps it. */
  data: T | undefined
  failure: ApiError | undefined
  reload(): void
  /** Puts in what a change answered, without asking again. */
  put(change: (data: T) => T): void
}

/** Loads something when the component comes and whenever `load` changes (give it through `useCallback`). The last asked wins. */
export function useLoad<T>(load: () => Promise<T>): Loaded<T> {
  const [data, setData] = useState<T>()
  const [failure, setFailure] = useState<ApiError>()
  const turn = useRef(0)
  const reload = useCallback(() => {
    turn.current += 1
    const mine = turn.current
    const isLast = (): boolean => turn.current === mine
    load().then(
      (loaded) => {
        if (!isLast()) return
        setData(loaded)
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
  const put = useCallback((change: (data: T) => T) => setData((now) => (now === undefined ? now : change(now))), [])
  return { data, failure, reload, put }
}
