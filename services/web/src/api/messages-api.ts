import type {
  Accepted,
  FeedbackRequest,
  FeedbackView,
  MessageView,
  Page,
  QueuedQuestion,
  SessionDetail,
} from '@askwire/contracts'
import { requestJson } from './http-client.ts'
import { requestOnce } from './request-once.ts'

const pathOf = (sessionId: string): string => `/api/sessions/${encodeURIComponent(sessionId)}`
const messageOf = (sessionId: string, messageId: string): string =>
  `${pathOf(sessionId)}/messages/${encodeURIComponent(messageId)}`

/** The branch that is open, or the one through a message. */
export type BranchName = 'active' | (string & {})

/** A page of one branch of a session, newest first; the first one is shorter, for it is waited for. */
export function listBranch(sessionId: string, branch: BranchName, cursor?: string): Promise<Page<MessageView>> {
  const query = new URLSearchParams({ branch, ...(cursor === undefined ? { limit: '50' } : { limit: '100', cursor }) })
  return requestJson(`${pathOf(sessionId)}/messages?${query}`)
}

/** Asks a question differently, as a branch beside it. */
export const editQuestion = (sessionId: string, messageId: string, content: string): Promise<Accepted> =>
  requestOnce(messageOf(sessionId, messageId), { method: 'PATCH', body: { content } })

/** Another answer beside the others. */
export const regenerateAnswer = (sessionId: string, messageId: string): Promise<Accepted> =>
  requestOnce(`${messageOf(sessionId, messageId)}/regenerate`, { method: 'POST', body: {} })

/** Has an answer go on. */
export const continueAnswer = (sessionId: string, messageId: string): Promise<Accepted> =>
  requestOnce(`${messageOf(sessionId, messageId)}/continue`, { method: 'POST', body: {} })

/** Deletes a message and all below it. */
export const deleteMessage = (sessionId: string, messageId: string): Promise<{ deleted: number }> =>
  requestJson(messageOf(sessionId, messageId), { method: 'DELETE' })

export const giveFeedback = (sessionId: string, messageId: string, feedback: FeedbackRequest): Promise<FeedbackView> =>
  requestJson(`${messageOf(sessionId, messageId)}/feedback`, { method: 'POST', body: feedback })

export const takeBackFeedback = (sessionId: string, messageId: string): Promise<void> =>
  requestJson(`${messageOf(sessionId, messageId)}/feedback`, { method: 'DELETE' })

/** Copies the path to a message, or every branch, into a new session. */
export const forkSession = (sessionId: string, messageId: string, branches: 'path' | 'all'): Promise<SessionDetail> =>
  requestJson(`${pathOf(sessionId)}/fork`, { method: 'POST', body: { messageId, branches } })

type Queue = { items: QueuedQuestion[] }

/** The questions that are not being answered yet, next first. */
export const listQueue = (sessionId: string): Promise<Queue> => requestJson(`${pathOf(sessionId)}/queue`)

export const reorderQueue = (sessionId: string, runIds: readonly string[]): Promise<Queue> =>
  requestJson(`${pathOf(sessionId)}/queue`, { method: 'PATCH', body: { runIds } })

export const editQueued = (sessionId: string, runId: string, message: string): Promise<Queue> =>
  requestJson(`${pathOf(sessionId)}/queue/${encodeURIComponent(runId)}`, { method: 'PATCH', body: { message } })

export const deleteQueued = (sessionId: string, runId: string): Promise<Queue> =>
  requestJson(`${pathOf(sessionId)}/queue/${encodeURIComponent(runId)}`, { method: 'DELETE' })
