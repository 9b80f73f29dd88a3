import type { EncodedEvent, EventId } from '@askwire/contracts'
import type { RunRow } from '@askwire/store'
import type { GatewayDeps } from '../deps.ts'
import type { Followers, Holder } from './followers.ts'
import type { OrdinalReader } from './ordinal-reader.ts'
import type { SessionHub } from './session-hub.ts'

/**
 * Where a stream starts: after an id the client has, at the replay of the unfinished run (or what is next), or at one run's first
 * event. Of a run that is new, accepted in this very request, nothing has to be asked but what comes of it.
 */
export type StreamStart =
  | { kind: 'after'; id: EventId }
  | { kind: 'live' }
  | { kind: 'run'; run: RunRow; isNew: boolean }

/** Where frames go: an SSE response, or the collector of a blocking request. */
export type Sink = {
  write(text: string): boolean
  drained(): Promise<void>
  closeIfStuck(now: number): void
  end(): void
  readonly closed: AbortSignal
}

export type StreamDeps = GatewayDeps & { hub: SessionHub; followers: Followers; newestOrdinal: OrdinalReader }

export type StreamOptions = {
  sessionId: string
  /** Whose right the stream is opened by: it ends when that ends. */
  holder: Holder
  /** With `run`, only that run's events are delivered, and the stream ends with its terminal event. */
  start: StreamStart
  /** End after the terminal event when nothing more is queued. */
  untilIdle: boolean
  /** Sees each event that is delivered. */
  onEvent?: (event: EncodedEvent) => void
}

/** The one run a stream is about, if it is about one. */
export const onlyRunOf = (start: StreamStart): string | undefined => (start.kind === 'run' ? start.run.id : undefined)

/** The run the stream was opened for when it is new and has its turn: all that can be known of it is known. */
export const newRunOf = (start: StreamStart): RunRow | undefined =>
  start.kind === 'run' && start.isNew && start.run.status === 'queued' ? start.run : undefined
