import type { AgentProgress, AgentRequest, AgentResult, AgentSummary, Resource, Usage } from '@askwire/contracts'

/** Where a run's events go. Nodes call it themselves: LangGraph's stream modes cost five to fifty times as much per delta. */
export type RunEmitter = {
  progress(progress: AgentProgress): void
  text(artifact: 'answer' | 'reasoning', delta: string): void
  resources(resources: readonly Resource[]): void
  summary(summary: AgentSummary): void
}

/**
 * One attempt while it is in the graph. It travels in `config.configurable`, outside the graph's state: the state is what a
 * checkpoint keeps, and a later attempt brings its own request.
 */
export class Run {
  readonly question: string
  readonly request: AgentRequest
  readonly emit: RunEmitter
  readonly signal: AbortSignal
  /** The question as condensed by a rule, which a later attempt can do again for nothing. */
  standalone: string | undefined
  /** Used by model calls before the answer's. */
  priorUsage: Usage | undefined
  /** Set as soon as the answer's model call is over, however it ended. */
  result: AgentResult | undefined

  constructor(options: { question: string; request: AgentRequest; emit: RunEmitter; signal: AbortSignal }) {
    this.question = options.question
    this.request = options.request
    this.emit = options.emit
    this.signal = options.signal
  }
}

/** The run a node works for. */
export function runOf(config: { configurable?: Record<string, unknown> }): Run {
  const run = config.configurable?.run
  if (run instanceof Run) return run
  throw new TypeError('the graph was invoked without a run')
}
