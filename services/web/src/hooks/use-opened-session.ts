import type { SessionView } from '@askwire/contracts'
import { useEffect, useMemo, useState } from 'react'
import { getSession } from '../api/sessions-api.ts'
import type { SessionStore } from '../state/session-view.ts'

export type Opened = {
  session: SessionView | undefined
  /** It was opened by its address and is not known yet. */
  pending: boolean
}

/** What is known of the session on show: from the list when it is in there, else asked for; `seen` is what a notice has brought since. */
export function useOpenedSession(
  store: SessionStore,
  listed: SessionView | undefined,
  seen: SessionView | undefined,
): Opened {
  const { sessionId } = store
  // One that began here is one's own.
  const byAddress = useMemo(() => store.sessionId !== undefined, [store])
  const [asked, setAsked] = useState<{ id: string; session: SessionView | undefined }>()
  const lacking = listed === undefined && sessionId !== undefined
  useEffect(() => {
    if (!lacking) return
    let here = true
    getSession(sessionId).then(
      (session) => here && setAsked({ id: sessionId, session }),
      // The conversation says why it can not be shown.
      () => here && setAsked({ id: sessionId, session: undefined }),
    )
    return () => {
      here = false
    }
  }, [lacking, sessionId])
  const known = asked?.id === sessionId ? asked : undefined
  const newer = seen?.id === sessionId ? seen : undefined
  return {
    session: listed ?? newer ?? known?.session,
    pending: byAddress && listed === undefined && known === undefined,
  }
}
