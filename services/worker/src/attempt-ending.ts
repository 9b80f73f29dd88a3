import {
  AppError,
  errorCode,
  type FinishReason,
  type RunError,
  type TerminalState,
  toRunError,
  type Usage,
} from '@askwire/contracts'
import type { AgentEnd } from './a2a/agent-event.ts'
import type { AttemptProgress } from './attempt-progress.ts'

/** How an attempt's work ended, before anything of it is stored. */
export type AttemptEnding =
  | { kind: 'end'; status: TerminalState; finishReason: FinishReason; error?: RunError; usage?: Usage }
  /** The agent was lost: the run goes back, at the cost of a try unless the agent never took it. */
  | { kind: 'retry'; costsTry: boolean }
  /** This worker is stopping: the run goes back at no cost. */
  | { kind: 'handed_back' }
  /** The run has gone on without this attempt. */
  | { kind: 'fenced' }

/** Attempts up to this one cost nothing when no agent takes the run, or can; with their back-off a bit over a minute. */
const MAX_REFUSED = 12

/** Only we may stop a question: an agent that does so by itself has not answered it. */
const GIVEN_UP: Extract<AttemptEnding, { kind: 'end' }> = {
  kind: 'end',
  status: 'failed',
  finishReason: 'error',
  error: toRunError(new AppError('agent_failed', 'The agent gave the question up.')),
}

/** The ending for what the agent said last. `stop` is the reason when it was told to stop. */
export function endingOf(end: AgentEnd, stop: unknown, progress: AttemptProgress): AttemptEnding {
  switch (end.kind) {
    case 'completed':
      return { kind: 'end', status: 'succeeded', finishReason: end.result.finishReason, usage: end.result.usage }
    case 'canceled':
      return { ...(stop === undefined ? GIVEN_UP : stopped(stop)), ...(end.result && { usage: end.result.usage }) }
    case 'failed': {
      const code = errorCode.catch('agent_failed').parse(end.failure.code)
      // The agent could not read its documents; neither could any other. The run waits for the database like everyone else.
      const waits = code === 'database_unavailable' && progress.text === ''
      // The agent was stopped before the answer was whole, for a deploy. Another begins it again.
      const goesOn = code === 'draining'
      if ((waits || goesOn) && progress.run.attempt < MAX_REFUSED) return { kind: 'retry', costsTry: false }
      const error = { code, message: end.failure.message, retryable: end.failure.retryable }
      return {
        kind: 'end',
        status: 'failed',
        finishReason: 'error',
        error,
        ...(end.failure.usage && { usage: end.failure.usage }),
      }
    }
    default:
      return end satisfies never
  }
}

/** The ending for what was thrown on the way, or for the reason the attempt was stopped. */
export function endingOfError(reason: unknown, progress: AttemptProgress, maxTries: number): AttemptEnding {
  const error = toRunError(reason)
  switch (error.code) {
    case 'stale_attempt':
      return { kind: 'fenced' }
    case 'draining':
      return { kind: 'handed_back' }
    case 'cancelled':
    case 'deadline_exceeded':
      return stopped(reason)
    // A lost connection says nothing of the question, so it is asked again. A silent agent is asked again only while
    // nothing was answered: later the text there is worth more than a repetition.
    // An agent that refused, or was not there, has not tried: one deploy of the agents must not use up a run's tries.
    case 'agent_unavailable':
    case 'agent_timeout':
      if (error.code === 'agent_unavailable' && progress.taskId === undefined && progress.run.attempt < MAX_REFUSED)
        return { kind: 'retry', costsTry: false }
      if (progress.run.tries < maxTries && (error.code === 'agent_unavailable' || progress.text === ''))
        return { kind: 'retry', costsTry: true }
      return { kind: 'end', status: 'failed', finishReason: 'error', error }
    default:
      return { kind: 'end', status: 'failed', finishReason: 'error', error }
  }
}

function stopped(reason: unknown): Extract<AttemptEnding, { kind: 'end' }> {
  if (reason instanceof AppError && reason.code === 'deadline_exceeded') {
    return { kind: 'end', status: 'expired', finishReason: 'error', error: toRunError(reason) }
  }
  return { kind: 'end', status: 'cancelled', finishReason: 'cancelled' }
}
