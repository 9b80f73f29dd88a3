import type { Consumer } from '@askwire/broker'
import { controlMessage, QUEUES } from '@askwire/contracts'
import { createEndNotes } from '@askwire/runs'
import { type Part, startParts } from '@askwire/runtime'
import { createActiveRuns } from './active-runs.ts'
import type { AttemptDeps } from './attempt-deps.ts'
import type { WorkerConfig } from './config.ts'
import { handleDeadLetter } from './dead-letters.ts'
import type { WorkerDeps } from './deps.ts'
import { createWorkerEvents } from './events.ts'
import { handleQuestion } from './handle-question.ts'
import { startJobs } from './jobs/start-jobs.ts'
import { createTitleNotes } from './jobs/title/title-notes.ts'
import { startLeaseKeeper } from './lease-keeper.ts'

/** Time to give back what was not finished in the grace. */
const HAND_BACK_MS = 3000
const DEAD_LETTERS_AT_ONCE = 2

export type Worker = { start(): Promise<void>; close(): Promise<void> }

/** A worker on the given clients, which it does not close. */
export function createWorker(config: WorkerConfig, deps: WorkerDeps): Worker {
  const active = createActiveRuns()
  const stopping = new AbortController()
  const attempt: AttemptDeps = {
    ...deps,
    config,
    active,
    events: createWorkerEvents(deps.logger, deps.metrics),
    noteEnd: createEndNotes(deps),
    noteTitle: createTitleNotes(deps, config.ASKWIRE_AUTO_TITLES),
    stopping: stopping.signal,
  }
  deps.metrics.gaugeOf('askwire_active_runs', 'Runs this worker is answering', () => active.size)
  let running: { close: () => Promise<void> } | undefined
  let consumer: Consumer | undefined
  let deadLetters: Consumer | undefined
  let leases: { close(): Promise<void> } | undefined
  let jobs: { close(): Promise<void> } | undefined
  let control: { close(): Promise<void> } | undefined

  const parts: Part[] = [
    {
      name: 'leases',
      start: async () => {
        leases = startLeaseKeeper(attempt, config.ASKWIRE_LEASE_MS)
      },
      close: async () => await leases?.close(),
    },
    {
      name: 'control',
      start: async () => {
        control = await deps.broker.openControlQueue({
          workerId: config.ASKWIRE_WORKER_ID,
          onMessage: (body) => hear(attempt, body),
        })
      },
      close: async () => await control?.close(),
    },
    {
      name: 'dead letters',
      start: async () => {
        deadLetters = await deps.broker.consume({
          queue: QUEUES.questionsDead,
          prefetch: DEAD_LETTERS_AT_ONCE,
          handler: (delivery, context) => handleDeadLetter(attempt, delivery, context),
        })
      },
      close: async () => await deadLetters?.close({ graceMs: HAND_BACK_MS }),
    },
    {
      name: 'questions',
      start: async () => {
        consumer = await deps.broker.consume({
          queue: QUEUES.questions,
          prefetch: config.ASKWIRE_WORKER_CONCURRENCY,
          handler: (delivery, context) => handleQuestion(attempt, delivery, context),
        })
      },
      // First the grace in which answers may finish, then what is left is handed back.
      close: async () => {
        const grace = setTimeout(() => {
          stopping.abort()
          active.handBackAll()
        }, config.ASKWIRE_DRAIN_MS)
        await consumer?.close({ graceMs: config.ASKWIRE_DRAIN_MS + HAND_BACK_MS })
        clearTimeout(grace)
        stopping.abort()
      },
      closeTimeoutMs: config.ASKWIRE_DRAIN_MS + 2 * HAND_BACK_MS,
    },
    {
      name: 'jobs',
      start: async () => {
        jobs = await startJobs(attempt)
      },
      close: async () => await jobs?.close(),
    },
  ]

  return {
    start: async () => {
      running = await startParts(parts, deps.logger)
      const { ASKWIRE_WORKER_ID: workerId, ASKWIRE_WORKER_CONCURRENCY: concurrency } = config
      deps.logger.info({ workerId, concurrency }, 'worker takes questions')
    },
    close: async () => await running?.close(),
  }
}

/** Control messages are broadcast; those for gateways, or for runs of other workers, mean nothing here. */
function hear(deps: AttemptDeps, body: Buffer): void {
  try {
    const message = controlMessage.parse(JSON.parse(body.toString('utf8')))
    if (message.kind === 'cancel') deps.active.cancel(message.runId)
  } catch (error) {
    deps.logger.warn({ err: error }, 'a control message could not be understood')
  }
}
