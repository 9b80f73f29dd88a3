import type { Logger, Metrics } from '@askwire/runtime'

/** Ids that every event of a task carries. */
export type TaskFacts = { taskId: string; runId: string; sessionId: string; attempt: number }
export type TaskOutcome = 'completed' | 'failed' | 'canceled'

/** The agent's business events: each is a log line and a metric in one call. */
export type AgentEvents = ReturnType<typeof createAgentEvents>

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]

/** Makes the agent's events on its logger and metrics. */
export function createAgentEvents(logger: Logger, metrics: Metrics) {
  const started = metrics.counter('askwire_agent_tasks_started_total', 'Tasks taken in')
  const ended = metrics.counter('askwire_agent_tasks_ended_total', 'Tasks over, by outcome', ['outcome'])
  const seconds = metrics.histogram('askwire_agent_task_seconds', 'Time a task took', SECONDS, ['outcome'])
  const resumed = metrics.counter('askwire_agent_runs_resumed_total', 'Attempts that went on from a checkpoint')
  const lost = metrics.counter('askwire_agent_checkpoint_failures_total', 'Checkpoints not read, written or deleted')
  const refused = metrics.counter('askwire_agent_auth_refused_total', 'Credentials refused, by reason', ['reason'])
  return {
    /** `reason` is a fixed word and holds nothing of the credential. */
    authRefused: (reason: string, requestId: string, address: string) => {
      refused.inc({ reason })
      logger.warn({ reason, requestId, address }, 'credential refused')
    },
    taskStarted: (facts: TaskFacts) => {
      started.inc()
      logger.info(facts, 'task started')
    },
    runResumed: (facts: TaskFacts) => {
      resumed.inc()
      logger.info(facts, 'task goes on from a checkpoint')
    },
    taskEnded: (facts: TaskFacts, outcome: TaskOutcome, ms: number, error?: unknown) => {
      ended.inc({ outcome })
      seconds.observe({ outcome }, ms / 1000)
      const line = { ...facts, outcome, ms: Math.round(ms) }
      if (error === undefined) logger.info(line, 'task ended')
      else logger.warn({ ...line, err: error }, 'task ended')
    },
    checkpointFailed: (error: unknown) => {
      lost.inc()
      logger.warn({ err: error }, 'a checkpoint failed; a later attempt would start from the beginning')
    },
  }
}
