import { hasEnded, type LiveRun, type SessionState } from './session-state.ts'

const RANK = { running: 0, queued: 1, waiting: 2 } as const

/** The session's unfinished runs in the order of their turns, as far as that is known: the first is the one being answered. */
export function unfinishedRuns(state: SessionState): LiveRun[] {
  const order = new Map(state.queue.map(({ runId }, index) => [runId, index]))
  const rank = ({ status }: LiveRun): number => (status in RANK ? RANK[status as keyof typeof RANK] : 0)
  const place = ({ runId }: LiveRun): number => order.get(runId) ?? -1
  return [...state.runs.values()]
    .filter((run) => !hasEnded(run))
    .sort((a, b) => rank(a) - rank(b) || place(a) - place(b) || (a.runId < b.runId ? -1 : 1))
}

/** True when the stream speaks of the answer to a question that is not loaded: it was asked elsewhere, or has its turn now. */
export function lacksQuestion(state: SessionState): boolean {
  const known = new Set(state.messages.map(({ id }) => id))
  return [...state.runs.values()].some(
    (run) => run.status === 'running' && run.questionId !== null && !known.has(run.questionId),
  )
}
