import { useCallback, useEffect, useRef } from 'react'
import { getSession, updateSession } from '../api/sessions-api.ts'
import { createDraftKeeper, type DraftKeeper } from '../state/draft-keeper.ts'

/**
 * Keeps what is typed in a session on the gateway, so that it is there after a reload and on another device. `onLoaded` is told the
 * stored draft, once. A session that has no id yet has no draft.
 */
export function useDraft(sessionId: string | undefined, onLoaded: (text: string) => void): (text: string) => void {
  const keeper = useRef<DraftKeeper>(undefined)
  useEffect(() => {
    if (sessionId === undefined) return
    let here = true
    const store = (text: string): Promise<unknown> => updateSession(sessionId, { draft: text })
    getSession(sessionId).then(
      ({ draft }) => {
        if (!here) return
        keeper.current = createDraftKeeper(store, draft)
        onLoaded(draft)
      },
      // Without it the field works as ever; what is typed stays in the page.
      () => {},
    )
    const flush = (): void => keeper.current?.flush()
    document.addEventListener('visibilitychange', flush)
    window.addEventListener('online', flush)
    return () => {
      here = false
      document.removeEventListener('visibilitychange', flush)
      window.removeEventListener('online', flush)
      flush()
      keeper.current = undefined
    }
  }, [sessionId, onLoaded])
  return useCallback((text) => keeper.current?.change(text), [])
}
