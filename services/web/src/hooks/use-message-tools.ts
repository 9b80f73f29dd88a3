import type { SessionView } from '@askwire/contracts'
import { useMemo, useRef } from 'react'
import type { MessageTools } from '../components/messages/message-tools.ts'
import type { SessionStore } from '../state/session-view.ts'
import { useMe } from './use-auth.ts'

/** What may be done to the messages of the session on show. */
export function useMessageTools(
  store: SessionStore,
  access: SessionView['access'],
  openSession: (sessionId: string) => void,
): MessageTools {
  const usedArrow = useRef<string>(undefined)
  const mayAsk = useMe().permissions.includes('chat.ask')
  return useMemo(
    () => ({
      actions: store.actions,
      mayAsk: mayAsk && access !== 'view',
      mayOwn: mayAsk && access === 'owner',
      mayFork: mayAsk,
      openSession,
      usedArrow,
    }),
    [store, access, mayAsk, openSession],
  )
}
