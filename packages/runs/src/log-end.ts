import {
  type AnswerEvent,
  type EncodedEvent,
  encodeEvent,
  formatEventId,
  parseEventId,
  TERMINAL_EVENT,
} from '@askwire/contracts'
import { isoTime } from '@askwire/runtime'
import { getAnswer, markLogged, type RunRow } from '@askwire/store'
import type { RunDeps } from './deps.ts'
import { emitEvents } from './emit-events.ts'
import { endEvents } from './end-events.ts'

/**
 * Writes the end of a run that ended outside a living attempt (cancelled or expired in the queue, its worker dead after
 * the commit) into the log, and marks the row. The events go under an attempt of their own, one above the row's, so that
 * they are above anything the lost attempt may still write. Safe to repeat and to race: same ids, same events, and a log
 * that already ends with this run's terminal event is left as it is.
 */
export async function logEnd(deps: RunDeps, run: RunRow): Promise<void> {
  if (run.ordinal === null) throw new Error(`run ${run.id} has no ordinal yet`)
  if (!(await alreadyLogged(deps, run.sessionId, run.ordinal))) {
    const answer = run.answerId ? await getAnswer(deps.store, run.id) : null
    const attempt = run.attempt + 1
    const restated: AnswerEvent[] = answer
      ? [{ event: 'message_replace', text: answer.content, reason: 'restarted' }]
      : []
    const context = { sessionId: run.sessionId, runId: run.id, attempt, at: isoTime(deps.clock) }
    const events: EncodedEvent[] = [...restated, ...endEvents(run, answer)].map((event, at) =>
      encodeEvent({ ordinal: run.ordinal ?? 0, attempt, index: at + 1 }, event, context),
    )
    await emitEvents(deps, run.sessionId, events)
  }
  await markLogged(deps.store, run.id)
}

/** True when the newest event of the log is this run's end, or a later run's: the session's next run waits for the mark. */
async function alreadyLogged(deps: RunDeps, sessionId: string, ordinal: number): Promise<boolean> {
  try {
    const last = parseEventId((await deps.log.lastId(sessionId)) ?? '')
    if (!last || last.ordinal < ordinal) return false
    if (last.ordinal > ordinal) return true
    const after = formatEventId({ ...last, index: last.index - 1 })
    const [event] = await deps.log.read(sessionId, { after, limit: 1 })
    return event?.event === TERMINAL_EVENT
  } catch (error) {
    deps.logger.warn({ err: error, sessionId }, 'could not read the event log')
    return false
  }
}
