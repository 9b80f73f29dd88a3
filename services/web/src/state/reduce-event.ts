import type { StreamEvent } from '../api/stream-event.ts'
import { mergeMessages } from './merge-messages.ts'
import { hasEnded, type LiveRun, newRun, type SessionState, type Step, withRun } from './session-state.ts'

/**
 * Takes one event of the stream in. An event that is not after the last one changes nothing, so any replay may overlap what
 * was seen.
 */
export function reduceEvent(state: SessionState, event: StreamEvent): SessionState {
  if (event.event === 'snapshot') return takeSnapshot(state, event)
  if (event.id !== undefined && state.lastEventId !== undefined && !isAfter(event.id, state.lastEventId)) return state
  const before = state.runs.get(event.runId) ?? newRun(event.runId)
  const next = withoutTurn(withRun(state, reduceRun(before, event)), event)
  return event.id === undefined ? next : { ...next, lastEventId: event.id }
}

/** A question that has its turn, or is withdrawn, waits no more. */
function withoutTurn(state: SessionState, { event, runId }: StreamEvent): SessionState {
  if (event !== 'workflow_started' && event !== 'workflow_finished') return state
  const queue = state.queue.filter((queued) => queued.runId !== runId)
  return queue.length === state.queue.length ? state : { ...state, queue }
}

type RunEvent = Exclude<StreamEvent, { event: 'snapshot' }>

function reduceRun(run: LiveRun, event: RunEvent): LiveRun {
  switch (event.event) {
    case 'queued':
      return hasEnded(run) || run.status === 'running' ? run : { ...run, position: event.position }
    case 'workflow_started': {
      const { questionId, model, attempt } = event
      // What an earlier attempt did is void. Its text stays in sight until the new attempt says what replaces it.
      const { text } = run
      return newRun(run.runId, { questionId, model, attempt, text, status: 'running', position: 0 })
    }
    case 'node_started':
      return { ...run, steps: putStep(run.steps, openStep(event)) }
    case 'node_finished':
      return { ...run, steps: putStep(run.steps, closedStep(event)) }
    case 'retrieval':
      return { ...run, resources: event.resources }
    case 'reasoning':
      return { ...run, reasoning: run.reasoning + event.delta }
    case 'message':
      return { ...run, text: run.text + event.delta }
    case 'message_replace':
      return { ...run, text: event.text, replaced: event.reason }
    case 'message_end':
      return {
        ...run,
        answerId: event.answerId,
        answerLength: event.text,
        usage: event.usage,
        finishReason: event.finishReason,
        resources: event.resources,
      }
    case 'error':
      return { ...run, error: event.error }
    case 'workflow_finished':
      return { ...run, status: event.status, timings: event.timings, position: null, steps: endSteps(run.steps) }
    default:
      return event satisfies never
  }
}

function openStep({ node, title }: { node: string; title: string }): Step {
  return { node, title, status: 'running', elapsedMs: null, outputs: {} }
}

function closedStep(event: Extract<StreamEvent, { event: 'node_finished' }>): Step {
  const { node, title, status, elapsedMs, outputs } = event
  return { node, title, status, elapsedMs, outputs }
}

/** A node that runs again (a resumed attempt) replaces its last entry while that is still open. */
function putStep(steps: readonly Step[], step: Step): readonly Step[] {
  const at = steps.findLastIndex(({ node, status }) => node === step.node && status === 'running')
  return at < 0 ? [...steps, step] : steps.with(at, step)
}

/** A run that has ended has no step under way, also when it was stopped in the middle of one. */
function endSteps(steps: readonly Step[]): readonly Step[] {
  return steps.map((step) => (step.status === 'running' ? { ...step, status: 'failed' as const } : step))
}

/** The log no longer reaches back: what is stored counts, and the unfinished run comes again as far as there is any of it. */
function takeSnapshot(state: SessionState, event: Extract<StreamEvent, { event: 'snapshot' }>): SessionState {
  const runs = new Map([...state.runs].filter(([, run]) => hasEnded(run)))
  const active = event.activeRun
  if (active) {
    const { runId, questionId, attempt } = active
    const status = active.status === 'running' || active.status === 'waiting' ? active.status : 'queued'
    runs.set(runId, newRun(runId, { questionId, attempt, status }))
  }
  return { ...mergeMessages(state, event.messages), runs, lastEventId: undefined }
}

/** True when event id `a` comes after `b`. Ids are `<ordinal>-<number>`. */
export function isAfter(a: string, b: string): boolean {
  const [ordinalA = 0, numberA = 0] = a.split('-').map(Number)
  const [ordinalB = 0, numberB = 0] = b.split('-').map(Number)
  return ordinalA !== ordinalB ? ordinalA > ordinalB : numberA > numberB
}
