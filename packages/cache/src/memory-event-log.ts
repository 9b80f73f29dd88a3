import { compareEventIds, type EncodedEvent, type EventId, requireEventId } from '@askwire/contracts'
import { type Clock, systemClock } from '@askwire/runtime'
import { requireOneAttempt } from './attempt-order.ts'
import type { EventLog } from './event-log.ts'

export type MemoryEventLogOptions = {
  /** Past it a session's oldest events are dropped, a tenth at a time. */
  maxEventsPerSession?: number
  /** Past it the session written longest ago is dropped whole. */
  maxSessions?: number
  /** Characters of all frames together; past it whole sessions go, the longest unwritten first, never the one being written. */
  maxCharacters?: number
  /** Life of a session's log after its last event. */
  retentionMs?: number
  clock?: Pick<Clock, 'now'>
}

type Entry = { id: EventId; encoded: EncodedEvent }
type SessionLog = { entries: Entry[]; characters: number; expiresAt: number }

/**
 * The event log in this process's memory, for a single process and for tests. Bounded in sessions, events and characters:
 * what is full loses its oldest, and a reader whose event is gone learns it from `has`.
 */
export function createMemoryEventLog(options: MemoryEventLogOptions = {}): EventLog {
  const maxEvents = options.maxEventsPerSession ?? 20_000
  const maxSessions = options.maxSessions ?? 1_000
  const maxCharacters = options.maxCharacters ?? 128 * 1024 * 1024
  const retentionMs = options.retentionMs ?? 24 * 60 * 60 * 1000
  const clock = options.clock ?? systemClock
  /** In the order of their last append: each append moves its session to the end, so expiry and eviction look at the front only. */
  const sessions = new Map<string, SessionLog>()
  let characters = 0

  const forget = (sessionId: string): void => {
    characters -= sessions.get(sessionId)?.characters ?? 0
    sessions.delete(sessionId)
  }

  const live = (sessionId: string): SessionLog | undefined => {
    const log = sessions.get(sessionId)
    if (log && log.expiresAt <= clock.now()) forget(sessionId)
    return sessions.get(sessionId)
  }

  const trim = (log: SessionLog): void => {
    if (log.entries.length <= maxEvents) return
    const dropped = log.entries.splice(0, log.entries.length - maxEvents + Math.floor(maxEvents / 10))
    const freed = dropped.reduce((sum, entry) => sum + entry.encoded.frame.length, 0)
    log.characters -= freed
    characters -= freed
  }

  const evict = (): void => {
    const now = clock.now()
    for (const [sessionId, log] of sessions) {
      if (sessions.size === 1) return
      if (log.expiresAt > now && sessions.size <= maxSessions && characters <= maxCharacters) return
      forget(sessionId)
    }
  }

  return {
    async append(sessionId, events) {
      const entries = requireOneAttempt(events).map((id, i) => ({ id, encoded: events[i]! }))
      const first = entries[0]
      if (!first) return 'appended'
      const log = live(sessionId) ?? { entries: [], characters: 0, expiresAt: 0 }
      const top = log.entries.at(-1)?.id
      const stale = top && compareEventIds(first.id, top) < 0 && !sameAttempt(first.id, top)
      if (stale) return 'stale'
      const { index } = first.id
      const whole = index === 1 || holds(log.entries, { ...first.id, index: index - 1 })
      for (const entry of entries) {
        if (top && compareEventIds(entry.id, top) <= 0) continue
        log.entries.push(entry)
        log.characters += entry.encoded.frame.length
        characters += entry.encoded.frame.length
      }
      log.expiresAt = clock.now() + retentionMs
      sessions.delete(sessionId)
      sessions.set(sessionId, log)
      trim(log)
      evict()
      return whole ? 'appended' : 'gap'
    },

    async read(sessionId, { after, limit }) {
      const id = after === undefined ? undefined : requireEventId(after)
      const entries = live(sessionId)?.entries ?? []
      const from = id ? firstAfter(entries, id) : 0
      return entries.slice(from, from + limit).map((entry) => entry.encoded)
    },

    async has(sessionId, id) {
      const wanted = requireEventId(id)
      return holds(live(sessionId)?.entries ?? [], wanted)
    },

    async lastId(sessionId) {
      return live(sessionId)?.entries.at(-1)?.encoded.id
    },

    async delete(sessionId) {
      forget(sessionId)
    },

    async ping() {},

    async close() {
      sessions.clear()
      characters = 0
    },
  }
}

function sameAttempt(a: EventId, b: EventId): boolean {
  return a.ordinal === b.ordinal && a.attempt === b.attempt
}

function holds(entries: readonly Entry[], id: EventId): boolean {
  const last = entries[firstAfter(entries, id) - 1]
  return last !== undefined && compareEventIds(last.id, id) === 0
}

/** Index of the first entry above `id`: a binary search, as a session may hold thousands. */
function firstAfter(entries: readonly Entry[], id: EventId): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareEventIds(entries[middle]!.id, id) <= 0) low = middle + 1
    else high = middle
  }
  return low
}
