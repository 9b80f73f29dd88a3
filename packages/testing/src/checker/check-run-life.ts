import type { IndexedRecording } from './index-recording.ts'
import type { StreamRecord } from './recording.ts'
import type { Violation } from './violation.ts'

const TERMINAL = new Set(['succeeded', 'failed', 'cancelled', 'expired'])

/** I1: every accepted question ends in exactly one state, the same in the row, in `GET` and in the stream; and only what was asked is answered. */
export function checkRunLife(recording: IndexedRecording): Violation[] {
  return [...checkAccepted(recording), ...checkAsked(recording), ...checkCancels(recording), ...checkEnds(recording)]
}

function checkAccepted({ acknowledged, runById }: IndexedRecording): Violation[] {
  const violations: Violation[] = []
  for (const [runId, ask] of acknowledged) {
    const run = runById.get(runId)
    const lost = (what: string): Violation => ({
      invariant: 'I1',
      word: 'lost',
      what,
      evidence: { key: ask.key, runId, status: run?.status, attempt: run?.attempt, tries: ask.tries },
    })
    if (!run) violations.push(lost('an accepted question has no run'))
    else if (!TERMINAL.has(run.status)) violations.push(lost('an accepted question never ended'))
    else if (ask.gaveUp) violations.push(lost('a run ended, but its follower was not told in time'))
    if (run && run.view?.status !== run.status) {
      const evidence = { runId, row: run.status, get: run.view?.status }
      violations.push({ invariant: 'I1', what: 'GET shows another state than the row', evidence })
    }
  }
  return violations
}

function checkAsked(recording: IndexedRecording): Violation[] {
  const violations: Violation[] = []
  const runsByKey = new Map<string, string[]>()
  for (const run of recording.runs) {
    const ask = recording.askOf(run)
    if (ask) runsByKey.set(ask.key, [...(runsByKey.get(ask.key) ?? []), run.runId])
    else {
      const evidence = { runId: run.runId, status: run.status, question: run.question.slice(0, 100) }
      violations.push({ invariant: 'I1', word: 'unexpected', what: 'a run that no one asked for', evidence })
    }
  }
  for (const [key, runIds] of runsByKey) {
    if (runIds.length < 2) continue
    const tries = recording.askByKey.get(key)?.tries
    violations.push({
      invariant: 'I2',
      word: 'duplicated',
      what: 'one question became several runs',
      evidence: { key, runIds, tries },
    })
  }
  return violations
}

/** A stop that was answered names the state the run keeps. */
function checkCancels({ cancels, runById }: IndexedRecording): Violation[] {
  return cancels.flatMap((cancel): Violation[] => {
    const run = runById.get(cancel.runId)
    if (cancel.status !== 200 || run?.status === cancel.runStatus) return []
    const evidence = { ...cancel, row: run?.status }
    return [{ invariant: 'I1', what: 'a stop was answered with a state that the run did not keep', evidence }]
  })
}

function checkEnds(recording: IndexedRecording): Violation[] {
  const violations: Violation[] = []
  for (const stream of [...recording.streams, ...recording.replays]) {
    for (const [runId, statuses] of endsOf(stream)) {
      const row = recording.runById.get(runId)?.status
      const evidence = { stream: stream.name, runId, statuses, row }
      if (statuses.length > 1) violations.push({ invariant: 'I1', what: 'more than one terminal event', evidence })
      else if (row !== undefined && statuses[0] !== row) {
        violations.push({ invariant: 'I1', what: 'the terminal event names another state than the row', evidence })
      }
    }
  }
  for (const replay of recording.replays) {
    if (replay.events.some(({ event }) => event === 'snapshot')) continue
    const ends = endsOf(replay)
    for (const run of recording.runs) {
      if (run.sessionId !== replay.sessionId || !TERMINAL.has(run.status) || ends.has(run.runId)) continue
      const evidence = { stream: replay.name, runId: run.runId, status: run.status }
      violations.push({ invariant: 'I1', what: 'the uncut stream has no terminal event for a run', evidence })
    }
  }
  return violations
}

/** States named by each run's numbered terminal events. (A run that ends while it waits is also told of without a number.) */
function endsOf(stream: StreamRecord): Map<string, string[]> {
  const ends = new Map<string, string[]>()
  for (const { id, event, data } of stream.events) {
    if (event !== 'workflow_finished' || id === null) continue
    const runId = String(data.runId)
    ends.set(runId, [...(ends.get(runId) ?? []), String(data.status)])
  }
  return ends
}
