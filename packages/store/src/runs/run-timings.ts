import type { Timings } from '@askwire/contracts'
import type { RunRow } from './run-row.ts'

/** Phases of a run from its row, in milliseconds. */
export function runTimings(run: Pick<RunRow, 'createdAt' | 'startedAt' | 'firstTokenAt' | 'finishedAt'>): Timings {
  const since = (from: Date | null, to: Date | null): number | null =>
    from && to ? Math.max(0, to.getTime() - from.getTime()) : null
  return {
    queuedMs: since(run.createdAt, run.startedAt ?? run.finishedAt),
    firstTokenMs: since(run.createdAt, run.firstTokenAt),
    totalMs: since(run.createdAt, run.finishedAt),
  }
}
