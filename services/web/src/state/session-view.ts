import type { FeedbackRequest } from '@askwire/contracts'
import type { ApiError } from '../api/api-error.ts'
import type { Connection } from '../api/follow-stream.ts'
import type { SessionState } from './session-state.ts'

export type SessionView = {
  readonly session: SessionState
  readonly connection: Connection
  readonly load: 'loading' | 'ready' | 'missing'
  /** A question on its way to the gateway: shown at once, stored nowhere yet. */
  readonly sending: string | null
  /** Runs whose stop is under way. */
  readonly stopping: ReadonlySet<string>
  readonly failure: ApiError | null
}

/** What can be done to messages and to the queue. Each resolves to what tells whether it was done; when it was not, `failure` says why. */
export type SessionActions = {
  /** Shows the branch through a message, here and on one's other devices. */
  openBranch(messageId: string): Promise<boolean>
  /** Asks a question differently, in a branch of its own. */
  edit(messageId: string, content: string): Promise<boolean>
  /** Another answer beside the others. */
  regenerate(messageId: string): Promise<boolean>
  goOn(messageId: string): Promise<boolean>
  /** Deletes a message and all that hangs on it. */
  remove(messageId: string): Promise<boolean>
  /** Null takes it back. */
  rate(messageId: string, feedback: FeedbackRequest | null): Promise<boolean>
  /** Copies the path to a message, or every branch, into a new session; gives its id, or undefined. */
  fork(messageId: string, branches: 'path' | 'all'): Promise<string | undefined>
  moveQueued(runId: string, by: -1 | 1): Promise<boolean>
  editQueued(runId: string, message: string): Promise<boolean>
  removeQueued(runId: string): Promise<boolean>
}

export type SessionStore = {
  /** Tells this store from every other one, also before its session has an id. */
  readonly key: number
  readonly sessionId: string | undefined
  readonly actions: SessionActions
  getView(): SessionView
  subscribe(listener: () => void): () => void
  /** Opens the stream, which goes on where it was. */
  connect(): void
  disconnect(): void
  /** Resolves to the session's id once the question is accepted, to `undefined` when it was not (see `failure`). */
  ask(question: string): Promise<string | undefined>
  stop(runId: string): Promise<void>
  loadOlder(): Promise<void>
  /** Something of the session has changed on another device, or may have: what is thought of this message, if one is named. */
  refresh(messageId?: string): void
  dismissFailure(): void
}
