import type { AgentProgress, AgentSummary, AnswerEvent, Resource } from '@askwire/contracts'
import type { ClaimedRun, History } from '@askwire/store'
import type { AgentEvent } from './a2a/agent-event.ts'
import type { AttemptWriter } from './attempt-writer.ts'
import type { WorkerEvents } from './events.ts'
import { createStepKeeper, type StepKeeper } from './step-keeper.ts'

/** Everything an attempt has learnt so far. */
export type AttemptProgress = {
  readonly run: ClaimedRun
  readonly writer: AttemptWriter
  readonly startedAt: number
  text: string
  model: string | undefined
  resources: Resource[]
  /** The agent's task, once it has named it. */
  taskId: string | undefined
  firstTokenMs: number | undefined
  readonly steps: StepKeeper
  /** What of the history was sent to be condensed, and what came of it. */
  overflow: History['overflow']
  summary: AgentSummary | undefined
}

/** The progress of an attempt that begins now. */
export function startProgress(run: ClaimedRun, writer: AttemptWriter): AttemptProgress {
  const nothing = {
    ...{ text: '', resources: [], taskId: undefined, firstTokenMs: undefined },
    ...{ overflow: undefined, summary: undefined },
  }
  return {
    run,
    writer,
    startedAt: performance.now(),
    model: run.model ?? undefined,
    steps: createStepKeeper(),
    ...nothing,
  }
}

/** One event of the agent becomes events of the stream. Returns what to wait for when too much has gathered. */
export function applyAgentEvent(
  events: WorkerEvents,
  progress: AttemptProgress,
  event: AgentEvent,
): Promise<void> | undefined {
  const { writer } = progress
  switch (event.kind) {
    case 'task':
      progress.taskId = event.taskId
      return undefined
    case 'answer':
      if (progress.firstTokenMs === undefined) {
        progress.firstTokenMs = performance.now() - progress.startedAt
        events.firstToken(progress.firstTokenMs)
      }
      progress.text += event.delta
      writer.write({ event: 'message', delta: event.delta })
      return writer.room()
    case 'reasoning':
      writer.write({ event: 'reasoning', delta: event.delta })
      return writer.room()
    case 'resources':
      progress.resources = event.resources
      writer.write({ event: 'retrieval', resources: event.resources })
      return undefined
    case 'summary':
      progress.summary = event.summary
      return undefined
    case 'progress':
      for (const told of stepEvents(progress, event.progress)) writer.write(told)
      return undefined
    default:
      return undefined
  }
}

function stepEvents(progress: AttemptProgress, step: AgentProgress): AnswerEvent[] {
  switch (step.kind) {
    case 'started': {
      const { run } = progress
      progress.model = step.model
      const started: AnswerEvent = { event: 'workflow_started', questionId: run.questionId, model: step.model }
      return run.attempt === 1 ? [started] : [started, { event: 'message_replace', text: '', reason: 'restarted' }]
    }
    case 'node_started':
      progress.steps.started(step)
      return [{ event: 'node_started', node: step.node, title: step.title }]
    case 'node_finished': {
      const { kind: _kind, ...finished } = step
      progress.steps.finished(finished)
      return [{ event: 'node_finished', ...finished }]
    }
    default:
      return step satisfies never
  }
}
