import type { Accepted, FeedbackView, MessageView } from '@askwire/contracts'
import * as api from '../api/messages-api.ts'
import { listTurns } from './list-turns.ts'
import { movedRun, neighbourOf, withQueue } from './queue-state.ts'
import type { SessionState } from './session-state.ts'
import type { SessionActions } from './session-view.ts'
import { withoutMessage } from './show-branch.ts'

export type SessionActionsOptions = {
  sessionId(): string | undefined
  getSession(): SessionState
  setSession(session: SessionState): void
  /** Shows the branch through a message. */
  open(messageId: string): Promise<void>
  /** Sends what makes a run, and shows that wherever it is when it is accepted. */
  taken(send: () => Promise<Accepted>): Promise<void>
  /** Loads branch and queue as they are now. */
  reload(): void
  onFailure(error: unknown): void
}

/** What is done to messages and to the queue, one request each. */
export function createSessionActions(options: SessionActionsOptions): SessionActions {
  const { getSession, setSession, open, taken } = options

  const act = async (work: (sessionId: string) => Promise<void>): Promise<boolean> => {
    const sessionId = options.sessionId()
    if (sessionId === undefined) return false
    try {
      await work(sessionId)
      return true
    } catch (error) {
      options.onFailure(error)
      // What was refused may have been done on another device.
      options.reload()
      return false
    }
  }
  const put = (messageId: string, change: (message: MessageView) => MessageView): void => {
    const session = getSession()
    const messages = session.messages.map((message) => (message.id === messageId ? change(message) : message))
    setSession({ ...session, messages })
  }
  const showQueue = ({ items }: Awaited<ReturnType<typeof api.listQueue>>): void =>
    setSession(withQueue(getSession(), items))

  return {
    openBranch: (messageId) => act(() => open(messageId)),
    edit: (messageId, content) => act((sessionId) => taken(() => api.editQuestion(sessionId, messageId, content))),
    regenerate: (messageId) => act((sessionId) => taken(() => api.regenerateAnswer(sessionId, messageId))),
    goOn: (messageId) => act((sessionId) => taken(() => api.continueAnswer(sessionId, messageId))),
    remove: (messageId) =>
      act(async (sessionId) => {
        const next = nextAfter(getSession(), messageId)
        await api.deleteMessage(sessionId, messageId)
        setSession(withoutMessage(getSession(), messageId))
        if (next === undefined) options.reload()
        else await open(next)
      }),
    rate: (messageId, feedback) =>
      act(async (sessionId) => {
        const given = feedback && (await api.giveFeedback(sessionId, messageId, feedback))
        if (!feedback) await api.takeBackFeedback(sessionId, messageId)
        put(messageId, (message) => withFeedback(message, given))
      }),
    fork: async (messageId, branches) => {
      let forkId: string | undefined
      await act(async (sessionId) => {
        forkId = (await api.forkSession(sessionId, messageId, branches)).id
      })
      return forkId
    },
    moveQueued: (runId, by) =>
      act(async (sessionId) => {
        const order = movedRun(getSession().queue, runId, by)
        if (order) showQueue(await api.reorderQueue(sessionId, order))
      }),
    editQueued: (runId, message) => act(async (id) => showQueue(await api.editQueued(id, runId, message))),
    removeQueued: (runId) => act(async (id) => showQueue(await api.deleteQueued(id, runId))),
  }
}

/** What is opened when a message is gone: another of its group, else what it hung on. */
function nextAfter(session: SessionState, messageId: string): string | undefined {
  const message = session.messages.find(({ id }) => id === messageId)
  const others = listTurns(session).find(({ question }) => question?.id === message?.parentId)?.others
  return neighbourOf(message?.siblings) ?? others?.at(-1) ?? message?.parentId ?? undefined
}

function withFeedback({ feedback: _, ...message }: MessageView, feedback: FeedbackView | null): MessageView {
  return feedback ? { ...message, feedback } : message
}
