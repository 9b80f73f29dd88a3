import { EXCHANGES, type JobMessage, jobQueue, SCHEMA_VERSION } from '@askwire/contracts'
import { markJobPublished, type UnpublishedJob } from '@askwire/store'
import type { RunDeps } from './deps.ts'

/**
 * Tells its queue of a job that is committed. False when the broker did not take it: the row stays in the outbox and the reconciler
 * publishes it later under the same message id. Never throws for a broker that is away.
 */
export async function publishJob(
  deps: Pick<RunDeps, 'store' | 'broker' | 'logger'>,
  { id, kind }: UnpublishedJob,
): Promise<boolean> {
  const message: JobMessage = { schemaVersion: SCHEMA_VERSION, jobId: id }
  try {
    await deps.broker.publish({
      exchange: EXCHANGES.jobs,
      routingKey: jobQueue(kind),
      messageId: id,
      body: Buffer.from(JSON.stringify(message)),
    })
    await markJobPublished(deps.store, id)
    return true
  } catch (error) {
    deps.logger.warn({ err: error, jobId: id, kind }, 'a job stays in the outbox')
    return false
  }
}
