import type { QueuedQuestion } from '@askwire/contracts'
import { hasEnded, type SessionState } from './session-state.ts'

/** The state with the queue as the gateway has told it. What has its turn, also by what the stream said since, is no longer in it. */
export function withQueue(state: SessionState, items: readonly QueuedQuestion[]): SessionState {
  const queue = items.filter(({ runId, status }) => {
    const run = state.runs.get(runId)
    return status === 'waiting' && !(run && (run.status === 'running' || hasEnded(run)))
  })
  return { ...state, queue }
}

/** The order of the queue with one question moved by one place; undefined where it is at the end already. */
export function movedRun(queue: readonly QueuedQuestion[], runId: string, by: -1 | 1): string[] | undefined {
  const ids = queue.map((queued) => queued.runId)
  const from = ids.indexOf(runId)
  const other = ids[from + by]
  if (from < 0 || other === undefined) return undefined
  return ids.with(from, other).with(from + by, runId)
}

/** The neighbour that is opened when a message of this group is deleted: the one before it, else the one after it. */
export function neighbourOf(siblings: { ids: readonly string[]; index: number } | undefined): string | undefined {
  return siblings && (siblings.ids[siblings.index - 1] ?? siblings.ids[siblings.index + 1])
}
