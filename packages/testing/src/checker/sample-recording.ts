import { hashChain } from '../fake-model/hash-chain.ts'
import type { AskRecord, Recording, RunTruth, SeenEvent, StreamRecord } from './recording.ts'

/** Tokens of each sample answer. */
export const SAMPLE_TOKENS = 8

type Sample = { session: string; run: string; key: string; ordinal: number }

const SAMPLES: readonly Sample[] = [
  { session: 'session-a', run: 'run-a1', key: 'u1-1', ordinal: 1 },
  { session: 'session-a', run: 'run-a2', key: 'u1-2', ordinal: 2 },
  { session: 'session-b', run: 'run-b1', key: 'u2-1', ordinal: 1 },
]

/** A flawless recording of three answers, the second of them on its second attempt, for tests that then spoil it. */
export function sampleRecording(): Recording {
  const streamsOf = (kind: string): StreamRecord[] => ['session-a', 'session-b'].map((id) => sampleStream(id, kind))
  return {
    asks: SAMPLES.map(sampleAsk),
    cancels: [],
    streams: streamsOf('follower'),
    replays: streamsOf('replay'),
    runs: SAMPLES.map(sampleRun),
    messages: SAMPLES.flatMap((sample) => [
      { id: `question-${sample.run}`, role: 'user' as const, content: `run:${sample.key}`, ...common(sample) },
      { id: `answer-${sample.run}`, role: 'assistant' as const, content: sampleText(sample.key), ...common(sample) },
    ]),
  }
}

export const sampleText = (key: string): string => hashChain(key, SAMPLE_TOKENS).join(' ').concat(' ')

const common = ({ session, run }: Sample) => ({ sessionId: session, runId: run, partial: false })

function sampleAsk({ session, run, key }: Sample): AskRecord {
  const accepted = { runId: run, sessionId: session }
  const tries = [{ gateway: 'a', at: 0, tookMs: 5, status: 202, accepted }]
  return { key, user: key.slice(0, 2), tokens: SAMPLE_TOKENS, idempotencyKey: key, tries }
}

function sampleRun(sample: Sample): RunTruth {
  const answerId = `answer-${sample.run}`
  return {
    runId: sample.run,
    sessionId: sample.session,
    status: 'succeeded',
    attempt: sample.run === 'run-a2' ? 2 : 1,
    answerId,
    errorCode: null,
    question: `Say run:${sample.key}`,
    view: { status: 'succeeded', answerId },
  }
}

function sampleStream(sessionId: string, kind: string): StreamRecord {
  const events = SAMPLES.filter(({ session }) => session === sessionId).flatMap((sample) =>
    sample.run === 'run-a2' ? [...attempt(sample, 1, 3), ...attempt(sample, 2)] : attempt(sample, 1),
  )
  const connections = [{ gateway: 'a', openedAt: 0, lastEventId: '0-0', status: 200, ended: 'end' as const }]
  return { name: `${kind} of ${sessionId}`, user: 'u', sessionId, after: '0-0', connections, events }
}

/** The events of one attempt; one that died after `diesAfter` tokens has no end. */
function attempt({ session, run, key, ordinal }: Sample, number: number, diesAfter?: number): SeenEvent[] {
  const tokens = hashChain(key, SAMPLE_TOKENS).slice(0, diesAfter)
  const told: (readonly [string, Record<string, unknown>])[] = [
    ['workflow_started', {}],
    ...(number > 1 ? [['message_replace', { text: '', reason: 'restarted' }] as const] : []),
    ...tokens.map((token) => ['message', { delta: `${token} ` }] as const),
  ]
  if (diesAfter === undefined) told.push(['message_end', {}], ['workflow_finished', { status: 'succeeded' }])
  return told.map(([event, payload], at) => ({
    at,
    connection: 0,
    id: `${ordinal}-${number * 1_000_000 + at + 1}`,
    event,
    data: { sessionId: session, runId: run, attempt: number, ...payload },
  }))
}
