import { EXCHANGES, QUEUES, type QuestionMessage, SCHEMA_VERSION, type Trace, traceHeaders } from '@askwire/contracts'
import { markPublished } from '@askwire/store'
import type { RunDeps } from './deps.ts'

/** How the note that the broker has a run gets into its row: at once, unless the caller gathers such notes. */
type Note = (runId: string) => Promise<void>

/**
 * Tells the question queue of a queued run. False when the broker did not take it: the row stays in the outbox and the
 * reconciler publishes it later under the same message id. Never throws for a broker that is away. `trace`: of the request that publishes it.
 */
export async function publishRun(
  deps: Pick<RunDeps, 'store' | 'broker' | 'logger'>,
  run: { id: string; sessionId: string },
  note: Note = (runId) => markPublished(deps.store, [runId]),
  trace?: Trace,
): Promise<boolean> {
  const message: QuestionMessage = { schemaVersion: SCHEMA_VERSION, runId: run.id, sessionId: run.sessionId }
  try {
    await deps.broker.publish({
      exchange: EXCHANGES.questions,
      routingKey: QUEUES.questions,
      messageId: run.id,
      body: Buffer.from(JSON.stringify(message)),
      ...(trace && { headers: traceHeaders(trace) }),
    })
    await note(run.id)
    return true
  } catch (error) {
    deps.logger.warn({ err: error, runId: run.id, sessionId: run.sessionId }, 'question stays in the outbox')
    return false
  }
}
