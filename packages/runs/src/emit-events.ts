import { AppError, type EncodedEvent } from '@askwire/contracts'
import type { RunDeps } from './deps.ts'

/** The two places an event goes to. */
export type EmitDeps = {
  log: Pick<RunDeps['log'], 'append'>
  broker: Pick<RunDeps['broker'], 'sendAnswers'>
  logger: RunDeps['logger']
}

/** `logged`: in the log and sent. `gap`: so they are, but what the attempt wrote before is no longer in the log. `unlogged`: sent, but the log was away. `stale`: a later attempt has written; nothing was sent. */
export type EmitResult = 'logged' | 'gap' | 'unlogged' | 'stale'

/**
 * Appends events to the session's log, then sends them to its followers: what any client has seen is in the log first.
 * While the log is away they are sent all the same, and who reconnects is served from Postgres.
 */
export async function emitEvents(
  deps: EmitDeps,
  sessionId: string,
  events: readonly EncodedEvent[],
): Promise<EmitResult> {
  const result = await append(deps, sessionId, events)
  if (result !== 'stale') await deps.broker.sendAnswers(sessionId, events.map((event) => event.frame).join(''))
  return result
}

async function append(deps: EmitDeps, sessionId: string, events: readonly EncodedEvent[]): Promise<EmitResult> {
  try {
    const result = await deps.log.append(sessionId, events)
    return result === 'appended' ? 'logged' : result
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'cache_unavailable') throw error
    deps.logger.warn({ err: error, sessionId }, 'the event log is away: sent without it')
    return 'unlogged'
  }
}
