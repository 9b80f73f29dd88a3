import { useCallback, useEffect, useRef, useState } from 'react'
import { type ApiError, toApiError } from '../api/api-error.ts'

export type Action = {
  busy: boolean
  failure: ApiError | null
  /** Does it unless it is being done already. Resolves to whether it went well; the failure is kept to be shown. */
  run(work: () => Promise<unknown>): Promise<boolean>
  dismiss(): void
}

/** Something a person sets off: one at a time, with its failure. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ApiError | null>(null)
  const running = useRef(false)
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  const run = useCallback(async (work: () => Promise<unknown>) => {
    if (running.current) return false
    running.current = true
    setBusy(true)
    setFailure(null)
    try {
      await work()
      return true
    } catch (error) {
      if (here.current) setFailure(toApiError(error))
      return false
    } finally {
      running.current = false
      if (here.current) setBusy(false)
    }
  }, [])
  const dismiss = useCallback(() => setFailure(null), [])
  return { busy, failure, run, dismiss }
}
