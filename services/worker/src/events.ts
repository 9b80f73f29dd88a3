import { type DeadLetterReason, type TerminalState, type Trace, traceIdOf } from '@askwire/contracts'
import type { Logger, Metrics } from '@askwire/runtime'
import type { ClaimedRun } from '@askwire/store'

/** The worker's business events: each is a log line and a metric in one call. */
export type WorkerEvents = ReturnType<typeof createWorkerEvents>

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]

/** Makes the worker's events on its logger and metrics. */
export function createWorkerEvents(logger: Logger, metrics: Metrics) {
  const started = metrics.counter('askwire_attempts_started_total', 'Attempts begun')
  const ended = metrics.counter('askwire_attempts_ended_total', 'Attempts over, by outcome', ['outcome'])
  const seconds = metrics.histogram('askwire_attempt_seconds', 'Time an attempt took', SECONDS, ['outcome'])
  const first = metrics.histogram('askwire_first_token_seconds', 'From claim to first answer text', SECONDS)
  const refused = metrics.counter('askwire_questions_refused_total', 'Deliveries that were not a question to answer', [
    'why',
  ])
  const parked = metrics.counter('askwire_questions_parked_total', 'Times a question of a newer version was put off')
  const failed = metrics.counter('askwire_deliveries_failed_total', 'Unexpected failures while a question was handled')
  const dead = metrics.counter('askwire_dead_letters_total', 'Questions that no worker could take, by reason', [
    'reason',
  ])
  const jobs = metrics.counter('askwire_jobs_ended_total', 'Attempts at jobs over, by kind and outcome', [
    'kind',
    'outcome',
  ])
  const ids = (run: ClaimedRun) => ({ runId: run.id, sessionId: run.sessionId, attempt: run.attempt })
  return {
    attemptStarted: (run: ClaimedRun, trace: Trace | undefined) => {
      started.inc()
      const asked = trace && { requestId: trace.requestId, traceId: traceIdOf(trace.traceparent) }
      logger.info({ ...ids(run), ...asked }, 'attempt started')
    },
    firstToken: (ms: number) => first.observe(ms / 1000),
    attemptEnded: (
      run: ClaimedRun,
      outcome: TerminalState | 'retry' | 'fenced' | 'handed_back',
      ms: number,
      code?: string,
    ) => {
      ended.inc({ outcome })
      seconds.observe({ outcome }, ms / 1000)
      logger.info({ ...ids(run), outcome, ms: Math.round(ms), ...(code !== undefined && { code }) }, 'attempt ended')
    },
    deliveryRefused: (why: string, facts: Record<string, unknown>) => {
      refused.inc({ why })
      logger.warn({ why, ...facts }, 'delivery not taken as a question')
    },
    questionParked: (facts: { messageId: string | undefined; runId: string | undefined; times: number }) => {
      parked.inc()
      logger.info(facts, 'question of a newer version put off')
    },
    deliveryFailed: (error: unknown, facts: { runId: string; failures: number }) => {
      failed.inc()
      logger.error({ err: error, ...facts }, 'a question could not be handled, trying again')
    },
    jobEnded: (
      facts: { jobId: string; kind: string; attempt: number },
      outcome: string,
      ms: number,
      error?: unknown,
    ) => {
      jobs.inc({ kind: facts.kind, outcome })
      const line = { ...facts, outcome, ms: Math.round(ms) }
      if (error === undefined) logger.info(line, 'job ended')
      else logger.error({ ...line, err: error }, 'a job failed unexpectedly')
    },
    deadLetterKept: (facts: {
      letterId: string
      reason: DeadLetterReason
      runId: string | undefined
      runFailed: boolean
    }) => {
      dead.inc({ reason: facts.reason })
      logger.error(facts, 'dead letter kept')
    },
  }
}
