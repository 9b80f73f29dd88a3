import type {
  FinishReason,
  MessageView,
  QueuedQuestion,
  Resource,
  RunError,
  RunState,
  Timings,
  Usage,
} from '@askwire/contracts'

/** A node of the answer's graph, as the steps row shows it. */
export type Step = {
  readonly node: string
  readonly title: string
  readonly status: 'running' | 'succeeded' | 'failed'
  readonly elapsedMs: number | null
  readonly outputs: Readonly<Record<string, unknown>>
}

/** A run as the stream (or `GET /api/runs`) tells it. The stored answer, once loaded, is kept with the messages. */
export type LiveRun = {
  readonly runId: string
  readonly questionId: string | null
  readonly status: RunState
  readonly attempt: number
  /** Runs before this one; null when that is not known. */
  readonly position: number | null
  readonly model: string | null
  readonly steps: readonly Step[]
  readonly resources: readonly Resource[]
  readonly reasoning: string
  readonly text: string
  readonly replaced: 'restarted' | 'moderated' | null
  readonly answerId: string | null
  /** Length of the stored answer, to see whether every delta has come. */
  readonly answerLength: number | null
  readonly usage: Usage | null
  readonly finishReason: FinishReason | null
  readonly error: RunError | null
  readonly timings: Timings | null
}

/** All the page knows of one session. Never changed in place. */
export type SessionState = {
  /** Of whatever branch, as far as they are loaded: oldest first, each once. */
  readonly messages: readonly MessageView[]
  /** The last message of the branch on show; null: there is none. */
  readonly leafId: string | null
  readonly runs: ReadonlyMap<string, LiveRun>
  readonly lastEventId: string | undefined
  /** Leads to older messages of the branch on show; null: there are none. */
  readonly olderCursor: string | null
  /** Questions that have no turn yet, next first. */
  readonly queue: readonly QueuedQuestion[]
}

export const EMPTY_SESSION: SessionState = {
  messages: [],
  leafId: null,
  runs: new Map(),
  lastEventId: undefined,
  olderCursor: null,
  queue: [],
}

/** A run of which nothing is known but its id. */
export function newRun(runId: string, known: Partial<LiveRun> = {}): LiveRun {
  return {
    runId,
    questionId: null,
    status: 'queued',
    attempt: 0,
    position: null,
    model: null,
    steps: [],
    resources: [],
    reasoning: '',
    text: '',
    replaced: null,
    answerId: null,
    answerLength: null,
    usage: null,
    finishReason: null,
    error: null,
    timings: null,
    ...known,
  }
}

/** True when the run will never change again. (The contract's own function would bring Node's modules into the page.) */
export function hasEnded(run: Pick<LiveRun, 'status'>): boolean {
  return run.status === 'succeeded' || run.status === 'failed' || run.status === 'cancelled' || run.status === 'expired'
}

/** The state with one run put in. */
export function withRun(state: SessionState, run: LiveRun): SessionState {
  return { ...state, runs: new Map(state.runs).set(run.runId, run) }
}
