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

export type SessionStore = {
  /** Tells this store from every other one, also before its session has an id. */
  readonly key: number
  readonly sessionId: string | undefined
  getView(): SessionView
  subscribe(listener: () => void): () => void
  /** Opens the stream, which goes on where it was. */
  connect(): void
  disconnect(): void
  /** Resolves to the session's id once the question is accepted, to `undefined` when it was not (see `failure`). */
  ask(question: string): Promise<string | undefined>
  stop(runId: string): Promise<void>
  loadOlder(): Promise<void>
  dismissFailure(): void
}
