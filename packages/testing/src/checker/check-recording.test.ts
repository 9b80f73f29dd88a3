import { describe, expect, test } from '@jest/globals'
import { checkRecording, describeVerdict } from './check-recording.ts'
import type { Recording, SeenEvent, StreamRecord } from './recording.ts'
import { sampleRecording } from './sample-recording.ts'
import type { Violation } from './violation.ts'

type Draft = { -readonly [K in keyof Recording]: Recording[K] }
type Found = Partial<Pick<Violation, 'invariant' | 'word' | 'what'>>

const follower = (draft: Draft): StreamRecord => draft.streams[0]!
const tokensOf = (stream: StreamRecord, runId: string): SeenEvent[] =>
  stream.events.filter(({ event, data }) => event === 'message' && data.runId === runId)
const indexOf = (stream: StreamRecord, event: SeenEvent | undefined): number => stream.events.indexOf(event!)
const renumber = (events: SeenEvent[], from: number): void =>
  events.forEach((event, at) => {
    const [ordinal, sequence] = event.id!.split('-')
    events[at] = { ...event, id: at < from ? event.id : `${ordinal}-${Number(sequence) - 1}` }
  })

/** What is planted, and what must be found for it. */
const PLANTED: [string, (draft: Draft) => void, Found][] = [
  [
    'an accepted question without an end',
    (draft) => (draft.runs[0] = { ...draft.runs[0]!, status: 'running', view: { status: 'running', answerId: null } }),
    { invariant: 'I1', word: 'lost' },
  ],
  ['an accepted question without a run', (draft) => draft.runs.splice(2, 1), { invariant: 'I1', word: 'lost' }],
  [
    'an end that its follower was never told',
    (draft) => (draft.asks[0]!.gaveUp = true),
    { invariant: 'I1', word: 'lost' },
  ],
  [
    'a run that no one asked for',
    (draft) => draft.runs.push({ ...draft.runs[0]!, runId: 'run-x', question: 'run:nobody' }),
    { invariant: 'I1', word: 'unexpected' },
  ],
  [
    'a run that became two',
    (draft) => draft.runs.push({ ...draft.runs[0]!, runId: 'run-a1-again' }),
    { invariant: 'I2', word: 'duplicated' },
  ],
  [
    'two visible answers',
    (draft) => draft.messages.push({ ...draft.messages[1]!, id: 'answer-again' }),
    { invariant: 'I2', word: 'duplicated' },
  ],
  ['an answer that vanished', (draft) => draft.messages.splice(1, 1), { invariant: 'I2', word: 'lost' }],
  [
    'two terminal events',
    (draft) => {
      const { events } = follower(draft)
      const end = events.find(({ event }) => event === 'workflow_finished')!
      const [ordinal, sequence] = end.id!.split('-')
      events.splice(events.indexOf(end) + 1, 0, { ...end, id: `${ordinal}-${Number(sequence) + 1}` })
    },
    { invariant: 'I1', what: 'more than one terminal event' },
  ],
  [
    'an end that the uncut stream lacks',
    (draft) => draft.replays[1]!.events.pop(),
    { invariant: 'I1', what: 'the uncut stream has no terminal event for a run' },
  ],
  [
    'an event that came twice',
    (draft) => {
      const stream = follower(draft)
      const token = tokensOf(stream, 'run-a1')[2]!
      stream.events.splice(indexOf(stream, token), 0, token)
    },
    { invariant: 'I3', word: 'duplicated' },
  ],
  [
    'two events swapped',
    (draft) => {
      const { events } = follower(draft)
      ;[events[3], events[4]] = [events[4]!, events[3]!]
    },
    { invariant: 'I3', what: 'an event came after a later one' },
  ],
  [
    'an event missing',
    (draft) => follower(draft).events.splice(4, 1),
    { invariant: 'I3', what: 'a gap in the events of an attempt' },
  ],
  [
    'a token missing under ids without a gap, in log and answer alike',
    (draft) => {
      for (const stream of [draft.streams[1]!, draft.replays[1]!]) {
        const gone = tokensOf(stream, 'run-b1')[3]!
        const at = indexOf(stream, gone)
        stream.events.splice(at, 1)
        renumber(stream.events, at)
      }
    },
    { invariant: 'I3', what: 'a gap in the text of the answer' },
  ],
  [
    'two tokens swapped under ids in order',
    (draft) => {
      const [first, second] = tokensOf(draft.streams[1]!, 'run-b1').slice(2)
      const { events } = draft.streams[1]!
      const [a, b] = [events.indexOf(first!), events.indexOf(second!)]
      events[a] = { ...first!, data: { ...first!.data, delta: second!.data.delta } }
      events[b] = { ...second!, data: { ...second!.data, delta: first!.data.delta } }
    },
    { invariant: 'I3', what: 'text of the answer was swapped' },
  ],
  [
    'a token twice in the stored answer',
    (draft) => {
      const answer = draft.messages[1]!
      draft.messages[1] = { ...answer, content: answer.content.slice(0, 27) + answer.content.slice(18) }
    },
    { invariant: 'I3', what: 'text of the answer came twice' },
  ],
  [
    'an event of an attempt after a later one began',
    (draft) => {
      const { events } = follower(draft)
      const stale = tokensOf(follower(draft), 'run-a2')[2]!
      events.splice(events.length - 3, 0, { ...stale, id: '2-1000005' })
    },
    { invariant: 'I6', what: 'an event of an attempt after a later attempt began' },
  ],
  [
    'an event whose data is of another attempt than its id',
    (draft) => {
      const { events } = follower(draft)
      const at = events.length - 3
      events[at] = { ...events[at]!, data: { ...events[at]!.data, attempt: 1 } }
    },
    { invariant: 'I6', what: 'an event whose id is of another attempt' },
  ],
  [
    "another session's event",
    (draft) => {
      const { events } = follower(draft)
      events.splice(3, 0, { ...tokensOf(draft.streams[1]!, 'run-b1')[1]!, id: null })
    },
    { invariant: 'I5', word: 'misrouted' },
  ],
  [
    "another question's text in a stored answer",
    (draft) => (draft.messages[1] = { ...draft.messages[1]!, content: draft.messages[5]!.content }),
    { invariant: 'I5', word: 'misrouted', what: "another question's text in this answer" },
  ],
  [
    'a follower told otherwise than the log',
    (draft) => {
      const { events } = draft.streams[1]!
      const at = events.length - 2
      events[at] = { ...events[at]!, data: { ...events[at]!.data, text: 1 } }
    },
    { invariant: 'I4', what: 'a follower was told otherwise than the uncut stream' },
  ],
  [
    'a resume that skipped an event the log has',
    (draft) => draft.streams[1]!.events.splice(5, 1),
    { invariant: 'I4', what: 'a follower missed an event of the uncut stream' },
  ],
  [
    'a stop answered with a state that did not stay',
    (draft) => draft.cancels.push({ runId: 'run-a1', at: 0, tookMs: 1, status: 200, runStatus: 'cancelled' }),
    { invariant: 'I1', what: 'a stop was answered with a state that the run did not keep' },
  ],
  [
    'a request that hung',
    (draft) => draft.asks[0]!.tries.push({ gateway: 'a', at: 0, tookMs: 60_000, status: null }),
    { invariant: 'I7' },
  ],
]

describe('the checker', () => {
  test('passes a flawless recording, with a retried attempt in it', () => {
    const verdict = checkRecording(sampleRecording())
    expect(verdict.violations).toEqual([])
    expect(verdict.counts).toMatchObject({ attempted: 3, acknowledged: 3, ok: 3, lost: 0, retriedAttempts: 1 })
    expect(describeVerdict(verdict)).toMatch(/^PASSED: attempted 3/)
  })

  test('a lost tail of an overtaken attempt is no loss', () => {
    const recording = sampleRecording()
    const { events } = recording.streams[0]!
    events.splice(indexOf(recording.streams[0]!, tokensOf(recording.streams[0]!, 'run-a2')[2]), 1)
    expect(checkRecording(recording).violations).toEqual([])
  })

  test('what was answered without a 202 is recovered, what was told no is refused', () => {
    const recording = sampleRecording()
    const ask = recording.asks[2]!
    recording.asks[2] = { ...ask, tries: [{ gateway: 'a', at: 0, tookMs: 1, status: null, error: 'ECONNRESET' }] }
    recording.asks.push({ ...ask, key: 'u9-1', tries: [{ gateway: 'a', at: 0, tookMs: 1, status: 503 }] })
    const verdict = checkRecording(recording)
    expect(verdict.violations).toEqual([])
    expect(verdict.counts).toMatchObject({ attempted: 4, acknowledged: 2, recovered: 1, refused: 1 })
  })

  test.each(PLANTED)('finds %s', (_name, plant, expected) => {
    const draft: Draft = sampleRecording()
    plant(draft)
    const verdict = checkRecording(draft)
    expect(verdict.passed).toBe(false)
    expect(verdict.violations).toContainEqual(expect.objectContaining(expected))
  })
})
