import { type Artifact, type Message, type StreamResponse, type Task, TaskState, type TaskStatus } from '@a2a-js/sdk'
import {
  AGENT_ARTIFACTS,
  type AgentFailure,
  type AgentProgress,
  type AgentResult,
  type AgentSummary,
  AppError,
  newId,
  type Resource,
} from '@askwire/contracts'
import { ORPHAN_MS } from '../limits.ts'
import { Subscription } from './subscription.ts'
import {
  artifact,
  artifactUpdate,
  resourcesArtifact,
  statusOf,
  statusUpdate,
  summaryArtifact,
  type TaskIds,
  type TextArtifact,
  textPart,
} from './wire.ts'

export type TaskSnapshotOptions = { historyLength?: number | undefined; artifacts?: boolean }

/**
 * One attempt at a run, as A2A sees it:
 *
 *     submitted ──► working ──► completed | failed | canceled
 *
 * The task holds its text itself and hands each event to its subscribers; nothing that grows with the answer is copied or
 * stored per event (a store that clones the task per event costs 2 ms for each of 2000 events). A terminal state is final:
 * whatever the run says after it is dropped.
 */
export class LiveTask {
  readonly id = newId()
  readonly contextId: string
  readonly runId: string
  readonly attempt: number
  readonly startedAt = performance.now()
  /** Resolves when the task has ended. */
  readonly ended: Promise<void>
  readonly #ids: TaskIds
  readonly #question: Message
  readonly #stop = new AbortController()
  readonly #subscriptions = new Set<Subscription>()
  readonly #text: Record<TextArtifact, string> = { answer: '', reasoning: '' }
  #resources: Artifact | undefined
  #summary: Artifact | undefined
  #orphaned: NodeJS.Timeout | undefined
  #status: TaskStatus
  #markEnded: () => void = () => {}

  constructor(options: { contextId: string; runId: string; attempt: number; question: Message }) {
    this.contextId = options.contextId
    this.runId = options.runId
    this.attempt = options.attempt
    this.#ids = { taskId: this.id, contextId: this.contextId }
    this.#question = { ...options.question, ...this.#ids }
    this.#status = statusOf(this.#ids, TaskState.TASK_STATE_SUBMITTED)
    this.ended = new Promise((resolve) => {
      this.#markEnded = resolve
    })
  }

  get state(): TaskState {
    return this.#status.state
  }

  /** When the state last changed, ISO-8601. */
  get changedAt(): string {
    return this.#status.timestamp ?? ''
  }

  get isEnded(): boolean {
    return isTerminal(this.state)
  }

  /** Aborted by `stop`; whoever works for this task MUST heed it. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  progress(progress: AgentProgress): void {
    this.#enter(TaskState.TASK_STATE_WORKING, progress)
  }

  text(artifactName: TextArtifact, delta: string): void {
    if (delta === '' || this.isEnded) return
    const append = this.#text[artifactName] !== ''
    this.#text[artifactName] += delta
    for (const subscription of this.#subscriptions) subscription.text(artifactName, delta, append)
  }

  resources(resources: readonly Resource[]): void {
    if (this.isEnded) return
    this.#resources = resourcesArtifact(resources)
    this.#publish(artifactUpdate(this.#ids, this.#resources))
  }

  summary(summary: AgentSummary): void {
    if (this.isEnded) return
    this.#summary = summaryArtifact(summary)
    this.#publish(artifactUpdate(this.#ids, this.#summary))
  }

  complete(result: AgentResult): void {
    this.#enter(TaskState.TASK_STATE_COMPLETED, result)
  }

  fail(failure: AgentFailure): void {
    this.#enter(TaskState.TASK_STATE_FAILED, failure)
  }

  /** `result`: what was used, when anything was answered. */
  cancel(result?: AgentResult): void {
    this.#enter(TaskState.TASK_STATE_CANCELED, result)
  }

  /** Asks the run to stop; it ends the task itself, soon. */
  stop(reason: Error): void {
    this.#stop.abort(reason)
  }

  /**
   * The task as it is now, then every event that follows. Nothing is missing or doubled in between, because both happen in
   * one turn of the event loop.
   */
  subscribe(options: { signal?: AbortSignal; historyLength?: number | undefined } = {}): Subscription {
    clearTimeout(this.#orphaned)
    const subscription = new Subscription(this.#ids, (closed) => this.#leave(closed), options.signal)
    subscription.push({ payload: { $case: 'task', value: this.snapshot(options) } })
    if (this.isEnded) subscription.end()
    else this.#subscriptions.add(subscription)
    return subscription
  }

  /** The status carries a message in terminal states only: progress is news, and a re-subscriber would hear it twice. */
  snapshot({ historyLength, artifacts = true }: TaskSnapshotOptions = {}): Task {
    const texts = ([AGENT_ARTIFACTS.reasoning, AGENT_ARTIFACTS.answer] as const)
      .filter((name) => this.#text[name] !== '')
      .map((name) => artifact(name, [textPart(this.#text[name])]))
    return {
      id: this.id,
      contextId: this.contextId,
      status: this.isEnded ? this.#status : { ...this.#status, message: undefined },
      artifacts: artifacts ? [this.#summary, this.#resources, ...texts].filter((one) => one !== undefined) : [],
      history: historyLength === 0 ? [] : [this.#question],
      metadata: undefined,
    }
  }

  /**
   * An answer no one reads is not worth its tokens: its worker has died, or its stop went to another agent behind the same
   * address. Told as retryable, so that the checkpoint stays for the next attempt.
   */
  #leave(subscription: Subscription): void {
    this.#subscriptions.delete(subscription)
    if (this.isEnded || this.#subscriptions.size > 0) return
    clearTimeout(this.#orphaned)
    this.#orphaned = setTimeout(() => {
      this.stop(new AppError('agent_unavailable', 'Whoever asked has left.'))
    }, ORPHAN_MS)
    this.#orphaned.unref()
  }

  #enter(state: TaskState, data?: unknown): void {
    if (this.isEnded) return
    this.#status = statusOf(this.#ids, state, data)
    this.#publish(statusUpdate(this.#ids, this.#status))
    if (!isTerminal(state)) return
    for (const subscription of this.#subscriptions) subscription.end()
    this.#subscriptions.clear()
    clearTimeout(this.#orphaned)
    this.#markEnded()
  }

  #publish(event: StreamResponse): void {
    for (const subscription of this.#subscriptions) subscription.push(event)
  }
}

export function isTerminal(state: TaskState): boolean {
  return (
    state === TaskState.TASK_STATE_COMPLETED ||
    state === TaskState.TASK_STATE_FAILED ||
    state === TaskState.TASK_STATE_CANCELED
  )
}
