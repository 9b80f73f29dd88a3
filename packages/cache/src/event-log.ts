import type { EncodedEvent } from '@askwire/contracts'

/**
 * `appended`: every event is in the log (some may have been before). `gap`: so they are, but the one before the first of them
 * is not: the log was away or has lost something. `stale`: a later attempt has written; nothing was appended.
 */
export type AppendResult = 'appended' | 'gap' | 'stale'

/**
 * The replayable stream of each session: what any client has seen is in here first.
 * Both implementations pass `event-log-contract.ts`.
 */
export type EventLog = {
  /**
   * Appends events of one attempt, in order, all or none. Ids MUST be higher than any id in the log, except that events
   * the same attempt has already appended are skipped (a repeated append after a time-out is safe). Rejects with
   * `cache_unavailable` within its time-out. Each append renews the log's life of `retentionMs` (24 h) after the last event.
   */
  append(sessionId: string, events: readonly EncodedEvent[]): Promise<AppendResult>
  /** Up to `limit` events after `after` (exclusive; absent: from the oldest kept), in order. Rejects with `cache_unavailable`. */
  read(sessionId: string, options: { after?: string; limit: number }): Promise<EncodedEvent[]>
  /** The event with this very id, if it is still kept: tells whether a replay from it is complete. */
  has(sessionId: string, id: string): Promise<boolean>
  /** The id of the newest event, if any. */
  lastId(sessionId: string): Promise<string | undefined>
  /** Forgets a session's log. */
  delete(sessionId: string): Promise<void>
  ping(): Promise<void>
  close(): Promise<void>
}
