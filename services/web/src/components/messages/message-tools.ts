import { createContext, type RefObject, use } from 'react'
import type { SessionActions } from '../../state/session-view.ts'

/** What the messages of a conversation offer to whoever reads it. */
export type MessageTools = {
  readonly actions: SessionActions
  /** May ask: edit a question, have it answered again, go on, change the queue. */
  readonly mayAsk: boolean
  /** The session is one's own: delete, give feedback. */
  readonly mayOwn: boolean
  /** May make sessions of one's own. */
  readonly mayFork: boolean
  openSession(sessionId: string): void
  /** The arrow that was used last: what takes its place takes the focus over. */
  readonly usedArrow: RefObject<string | undefined>
}

export const MessageToolsContext = createContext<MessageTools | null>(null)

/** What can be done to messages here; null where a conversation is only shown. */
export const useMessageTools = (): MessageTools | null => use(MessageToolsContext)
