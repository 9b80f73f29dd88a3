import { checkAnswers } from './check-answers.ts'
import { checkIsolation } from './check-isolation.ts'
import { checkOrder } from './check-order.ts'
import { checkResume } from './check-resume.ts'
import { checkRunLife } from './check-run-life.ts'
import { type IndexedRecording, indexRecording } from './index-recording.ts'
import type { Recording } from './recording.ts'
import { BROKEN, type Broken, type Violation } from './violation.ts'

/** How many of each. `recovered`: answered though no 202 arrived. `refused`: told no, and rightly without a run. */
export type Counts = Record<Broken, number> &
  Record<'attempted' | 'acknowledged' | 'ok' | 'failed' | 'cancelled' | 'expired' | 'recovered' | 'refused', number> &
  Record<'streams' | 'events' | 'reconnects' | 'retriedAttempts', number>

export type Verdict = { readonly passed: boolean; readonly counts: Counts; readonly violations: readonly Violation[] }

/** A request that took longer had no working time-out. */
const MAX_REQUEST_MS = 35_000

/** Judges a recording by the invariants I1 to I7. Pure: the same recording gives the same verdict. */
export function checkRecording(recording: Recording): Verdict {
  const indexed = indexRecording(recording)
  const violations = [
    ...checkRunLife(indexed),
    ...checkAnswers(indexed),
    ...checkOrder(indexed),
    ...checkResume(indexed),
    ...checkIsolation(indexed),
    ...checkBounds(indexed),
  ]
  return { passed: violations.length === 0, counts: count(indexed, violations), violations }
}

/** I7, as far as a client can see it: no request hangs. */
function checkBounds({ asks, cancels }: IndexedRecording): Violation[] {
  const slow = [...asks.flatMap(({ key, tries }) => tries.map((one) => ({ key, ...one }))), ...cancels]
  return slow
    .filter(({ tookMs }) => tookMs > MAX_REQUEST_MS)
    .map((request) => ({ invariant: 'I7', what: 'a request hung', evidence: { ...request } }))
}

function count(recording: IndexedRecording, violations: readonly Violation[]): Counts {
  const { asks, runs, streams, acknowledged } = recording
  const inState = (status: string): number => runs.filter((run) => run.status === status).length
  const answeredKeys = new Set(runs.map((run) => recording.askOf(run)?.key))
  const isAcknowledged = (key: string): boolean =>
    recording.askByKey.get(key)?.tries.some(({ accepted }) => accepted) ?? false
  const broken = Object.fromEntries(
    BROKEN.map((word) => [word, violations.filter((violation) => violation.word === word).length]),
  ) as Record<Broken, number>
  return {
    attempted: asks.length,
    acknowledged: acknowledged.size,
    ok: inState('succeeded'),
    failed: inState('failed'),
    cancelled: inState('cancelled'),
    expired: inState('expired'),
    ...broken,
    recovered: runs.filter((run) => {
      const key = recording.askOf(run)?.key
      return key !== undefined && !isAcknowledged(key)
    }).length,
    refused: asks.filter(({ key }) => !isAcknowledged(key) && !answeredKeys.has(key)).length,
    streams: streams.length,
    events: streams.reduce((sum, stream) => sum + stream.events.length, 0),
    reconnects: streams.reduce((sum, stream) => sum + Math.max(0, stream.connections.length - 1), 0),
    retriedAttempts: runs.reduce((sum, run) => sum + Math.max(0, run.attempt - 1), 0),
  }
}

/** A verdict for people: the counts on one line, then at most `max` violations with their evidence. */
export function describeVerdict({ passed, counts, violations }: Verdict, max = 10): string {
  const line = Object.entries(counts)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ')
  const shown = violations.slice(0, max).map(({ invariant, word, what, evidence }) => {
    return `  ${invariant}${word ? ` (${word})` : ''}: ${what}\n    ${JSON.stringify(evidence)}`
  })
  const more = violations.length > max ? [`  and ${violations.length - max} more`] : []
  return [`${passed ? 'PASSED' : `FAILED, ${violations.length} violations`}: ${line}`, ...shown, ...more].join('\n')
}
