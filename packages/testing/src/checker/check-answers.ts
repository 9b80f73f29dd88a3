import { parseEventId } from '@askwire/contracts'
import type { IndexedRecording } from './index-recording.ts'
import { type AskRecord, type RunTruth, type StreamRecord, textOfRun } from './recording.ts'
import type { Violation } from './violation.ts'

/** I2: at most one visible answer per run, and what is stored and what a follower shows is the key's chain: whole, or its beginning. */
export function checkAnswers(recording: IndexedRecording): Violation[] {
  const violations: Violation[] = []
  const answers = Map.groupBy(
    recording.messages.filter((message) => message.role === 'assistant'),
    (message) => message.runId,
  )
  for (const [runId, messages] of answers) {
    if (messages.length < 2) continue
    const evidence = { runId, answerIds: messages.map(({ id }) => id) }
    violations.push({ invariant: 'I2', word: 'duplicated', what: 'two visible answers to one question', evidence })
  }
  const streams = Map.groupBy([...recording.streams, ...recording.replays], ({ sessionId }) => sessionId)
  for (const run of recording.runs) {
    const ask = recording.askOf(run)
    if (!ask) continue
    const stored = answers.get(run.runId)?.[0]
    violations.push(...checkStored(recording, run, ask, stored))
    for (const stream of streams.get(run.sessionId) ?? []) {
      violations.push(...checkShown(recording, run, ask, stream, stored?.content))
    }
  }
  return violations
}

function checkStored(
  recording: IndexedRecording,
  run: RunTruth,
  ask: AskRecord,
  stored: IndexedRecording['messages'][number] | undefined,
): Violation[] {
  const evidence = { runId: run.runId, key: ask.key, status: run.status, answerId: stored?.id }
  if (!stored) {
    if (run.status !== 'succeeded') return []
    return [{ invariant: 'I2', word: 'lost', what: 'a run succeeded without a visible answer', evidence }]
  }
  const whole = run.status === 'succeeded'
  if (stored.partial === whole) {
    return [{ invariant: 'I2', what: 'the answer is wrongly marked as whole or partial', evidence }]
  }
  return judgeText(recording, ask, stored.content, whole, { ...evidence, where: 'stored answer' })
}

function checkShown(
  recording: IndexedRecording,
  run: RunTruth,
  ask: AskRecord,
  stream: StreamRecord,
  stored: string | undefined,
): Violation[] {
  const ended = stream.events.some(({ event, data }) => event === 'workflow_finished' && data.runId === run.runId)
  // From a snapshot on a follower shows the stored messages, and deltas before it may be missing.
  if (stream.events.some(({ event }) => event === 'snapshot')) return []
  const events = stream.events.filter(({ data }) => data.runId === run.runId)
  const text = textOfRun(events, run.runId)
  // A follower that began in the middle of a run has its end alone; the order of its ids is judged elsewhere.
  const first = events.find(({ id }) => id !== null)
  if (first?.id && parseEventId(first.id)?.index !== 1) return []
  const evidence = { stream: stream.name, runId: run.runId, key: ask.key, status: run.status }
  const whole = ended && run.status === 'succeeded'
  const violations = judgeText(recording, ask, text, whole, { ...evidence, where: 'stream' })
  if (violations.length === 0 && ended && stored !== undefined && text !== stored) {
    const lengths = { shown: text.length, stored: stored.length }
    violations.push({
      invariant: 'I2',
      what: 'a follower shows another text than is stored',
      evidence: { ...evidence, ...lengths },
    })
  }
  return violations
}

function judgeText(
  recording: IndexedRecording,
  ask: AskRecord,
  text: string,
  whole: boolean,
  evidence: Record<string, unknown>,
): Violation[] {
  const expected = recording.answerOf(ask)
  if (whole ? text === expected : expected.startsWith(text)) return []
  const at = firstDifference(text, expected)
  const tokens = text.slice(at - (at % 9)).split(' ')
  const owner = recording.ownerOf(tokens[0] ?? '')
  const difference = { at, length: text.length, expectedLength: expected.length, found: tokens.slice(0, 3), owner }
  if (owner !== undefined && owner !== ask.key) {
    const what = "another question's text in this answer"
    return [{ invariant: 'I5', word: 'misrouted', what, evidence: { ...evidence, ...difference } }]
  }
  const what = at >= text.length ? 'an answer that says it is whole ends early' : nameDifference(text, expected, at)
  return [{ invariant: 'I3', what, evidence: { ...evidence, ...difference } }]
}

function nameDifference(text: string, expected: string, at: number): string {
  const start = at - (at % 9)
  const found = text.slice(start, start + 8)
  const place = expected.indexOf(found)
  if (found.length < 8 || place < 0) return 'text that is no part of the answer'
  if (place < start) return 'text of the answer came twice'
  return expected.indexOf(text.slice(start + 9, start + 17)) === start && text.length > start + 9
    ? 'text of the answer was swapped'
    : 'a gap in the text of the answer'
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1
  return at
}
