import {
  type AnswerEvent,
  AppError,
  type EncodedEvent,
  encodeEvent,
  MAX_EVENTS_PER_ATTEMPT,
  TERMINAL_EVENT,
} from '@askwire/contracts'
import { type EmitDeps, emitEvents } from '@askwire/runs'
import { type Clock, isoTime } from '@askwire/runtime'

/** Characters of deltas that may gather before the agent's stream is made to wait. */
const MAX_PENDING_CHARS = 262_144

export type AttemptWriter = {
  /** Puts an event into the stream. Never waits; adjacent deltas become one. */
  write(event: AnswerEvent): void
  /** A promise while more is gathered than may be, else `undefined`: what to wait for before writing more. */
  room(): Promise<void> | undefined
  /** Resolves when everything written is in the log and sent. Rejects with `stale_attempt` when a later attempt has written. */
  flush(): Promise<void>
  /** Aborted when this attempt was found to be stale. */
  readonly stale: AbortSignal
}

/**
 * Numbers the events of one attempt, appends them to the log and sends them. It clocks itself: while one append is under way
 * the next events gather, so a quiet system adds no delay and a busy one batches by itself. When the log has lost what came
 * before, the answer is told again whole (`textUpTo` gives its first characters), so that who comes later misses nothing.
 */
export function createAttemptWriter(
  deps: EmitDeps & { clock: Pick<Clock, 'now'> },
  run: { id: string; sessionId: string; ordinal: number; attempt: number },
  textUpTo: (chars: number) => string,
): AttemptWriter {
  const stale = new AbortController()
  let pending: AnswerEvent[] = []
  let pendingChars = 0
  let index = 0
  /** Characters of the answer that were sent. */
  let told = 0
  let ended = false
  let flushing: Promise<void> | undefined

  const encodeAll = (events: readonly AnswerEvent[]): EncodedEvent[] => {
    const context = { sessionId: run.sessionId, runId: run.id, attempt: run.attempt, at: isoTime(deps.clock) }
    return events.map((event) => {
      index += 1
      if (event.event === 'message') told += event.delta.length
      if (event.event === TERMINAL_EVENT) ended = true
      if (index > MAX_EVENTS_PER_ATTEMPT) throw new AppError('agent_failed', 'The answer has too many parts.')
      return encodeEvent({ ordinal: run.ordinal, attempt: run.attempt, index }, event, context)
    })
  }

  const drain = async (): Promise<void> => {
    while (pending.length > 0) {
      const events = encodeAll(pending)
      pending = []
      pendingChars = 0
      const result = await emitEvents(deps, run.sessionId, events)
      // Nothing comes after the end: the answer is stored by then, and a snapshot of it serves who comes later.
      if (result === 'gap' && told > 0 && !ended)
        pending.unshift({ event: 'message_replace', text: textUpTo(told), reason: 'restarted' })
      if (result !== 'stale') continue
      pending = []
      stale.abort(new AppError('stale_attempt', 'Another worker has taken this run over.'))
    }
  }

  const start = (): Promise<void> => {
    flushing ??= Promise.resolve()
      .then(drain)
      .finally(() => {
        flushing = undefined
      })
    // Whoever needs to know waits on it; a failure no one waits for is met again by the final flush.
    flushing.catch(() => {})
    return flushing
  }

  return {
    write: (event) => {
      if (stale.signal.aborted) return
      const before = pending.at(-1)
      const delta = event.event === 'message' || event.event === 'reasoning' ? event.delta : undefined
      if (delta !== undefined && before?.event === event.event && 'delta' in before) before.delta += delta
      else pending.push({ ...event })
      pendingChars += delta?.length ?? 0
      void start()
    },
    room: () => (pendingChars > MAX_PENDING_CHARS ? start() : undefined),
    flush: async () => {
      while (pending.length > 0 || flushing) await start()
      stale.signal.throwIfAborted()
    },
    stale: stale.signal,
  }
}
