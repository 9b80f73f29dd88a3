import type { Consumer } from '@askwire/broker'
import { AppError, jobQueue } from '@askwire/contracts'
import { CONSUMED_KINDS } from '@askwire/runs'
import type { AttemptDeps } from '../attempt-deps.ts'
import { handleJob } from './handle-job.ts'

/** Jobs of one kind at once on one worker: few, and beside the questions, whose prefetch is their own. */
const PREFETCH = { import: 1, export: 1, erase: 1, title: 2 } as const
const HAND_BACK_MS = 3000

/** Consumes the job queues. Closing hands what is under way back at once: another worker goes on from where it is. */
export async function startJobs(deps: AttemptDeps): Promise<{ close(): Promise<void> }> {
  const stopping = new AbortController()
  const consumers: Consumer[] = []
  for (const kind of CONSUMED_KINDS) {
    const consumer = await deps.broker.consume({
      queue: jobQueue(kind),
      prefetch: PREFETCH[kind],
      handler: (delivery, { signal }) => handleJob(deps, delivery, stopping.signal, signal),
    })
    consumers.push(consumer)
  }
  return {
    close: async () => {
      stopping.abort(new AppError('draining', 'This worker is shutting down.'))
      await Promise.all(consumers.map((consumer) => consumer.close({ graceMs: HAND_BACK_MS })))
    },
  }
}
