import { describe, expect, test } from '@jest/globals'
import type { StreamEvent } from '../api/stream-event.ts'
import { isAfter, reduceEvent } from './reduce-event.ts'
import { EMPTY_SESSION, type LiveRun, type SessionState } from './session-state.ts'
import { ended, eventsOf, message, say, started, stored } from './test-events.ts'

const play = (events: StreamEvent[], from: SessionState = EMPTY_SESSION): SessionState =>
  events.reduce(reduceEvent, from)
const runOf = (state: SessionState, runId = 'r1'): LiveRun => {
  const run = state.runs.get(runId)
  if (!run) throw new Error(`no run ${runId}`)
  return run
}

const WHOLE = eventsOf('r1', [
  started(),
  { event: 'node_started', node: 'retrieve', title: 'Retrieve' },
  {
    event: 'node_finished',
    node: 'retrieve',
    title: 'Retrieve',
    elapsedMs: 7,
    status: 'succeeded',
    outputs: { found: 2 },
  },
  { event: 'node_started', node: 'respond', title: 'Respond' },
  say('Hello'),
  say(', world'),
  stored('a1', 12),
  ended(),
])

describe('the events of a run', () => {
  test('become its text, its steps and its end', () => {
    const run = runOf(play(WHOLE))
    expect(run).toMatchObject({ text: 'Hello, world', status: 'succeeded', answerId: 'a1', questionId: 'q1' })
    expect(run.steps.map(({ node, status, elapsedMs }) => [node, status, elapsedMs])).toEqual([
      ['retrieve', 'succeeded', 7],
      ['respond', 'failed', null],
    ])
  })

  test('change nothing when they come again: every overlap of a replay gives the same state', () => {
    const once = play(WHOLE)
    for (let seen = 0; seen <= WHOLE.length; seen += 1) {
      for (let from = 0; from <= seen; from += 1) {
        expect(play(WHOLE.slice(from), play(WHOLE.slice(0, seen)))).toEqual(once)
      }
    }
  })

  test('a later attempt starts over; what replaces the text is what it says', () => {
    const first = eventsOf('r1', [started(), { event: 'node_started', node: 'respond', title: '' }, say('Half an ans')])
    const second = eventsOf(
      'r1',
      [started(), { event: 'message_replace', text: '', reason: 'restarted' }, say('Whole')],
      {
        attempt: 2,
      },
    )
    const run = runOf(play([...first, ...second]))
    expect(run).toMatchObject({ text: 'Whole', attempt: 2, replaced: 'restarted', steps: [] })
  })

  test('an attempt that failed and is tried again leaves no error', () => {
    const facts = { statusCode: 504, isOperational: true, requestId: 'r1', details: [] }
    const error = { code: 'model_timeout' as const, message: 'slow', retryable: true, ...facts }
    const failed = play(eventsOf('r1', [started(), { event: 'error', error }]))
    expect(runOf(failed).error).toEqual(error)
    expect(runOf(play(eventsOf('r1', [started()], { attempt: 2 }), failed)).error).toBeNull()
  })

  test('a stale event of an earlier attempt is not taken', () => {
    const state = play([
      ...eventsOf('r1', [started(), say('new')], { attempt: 2 }),
      ...eventsOf('r1', [started(), say('old')]),
    ])
    expect(runOf(state).text).toBe('new')
  })
})

describe('what only this follower is told', () => {
  const told = { id: undefined, runId: 'r1', attempt: 0, at: '' }

  test('a position counts while the run waits, and no longer', () => {
    const waiting = play([{ ...told, event: 'queued', position: 2 }])
    expect(runOf(waiting).position).toBe(2)
    expect(runOf(play(WHOLE, waiting)).position).toBeNull()
    expect(runOf(play([{ ...told, event: 'queued', position: 1 }], play(WHOLE))).position).toBeNull()
  })

  test('a snapshot brings what is stored, and lets the unfinished run come again from its beginning', () => {
    const half = play(WHOLE.slice(0, 5))
    const snapshot: StreamEvent = {
      ...told,
      event: 'snapshot',
      messages: [message('q1', 'r1', 'Question?')],
      activeRun: { runId: 'r1', status: 'running', attempt: 1, questionId: 'q1' },
    }
    const after = play([snapshot], half)
    expect(after.messages.map(({ id }) => id)).toEqual(['q1'])
    expect(runOf(after)).toMatchObject({ text: '', status: 'running' })
    expect(runOf(play(WHOLE, after)).text).toBe('Hello, world')
  })

  test('a snapshot ends what it no longer knows of', () => {
    const half = play(WHOLE.slice(0, 5))
    const messages = [message('q1', 'r1', 'Question?'), message('a1', 'r1', 'Answer.')]
    const after = play([{ ...told, event: 'snapshot', messages, activeRun: null }], half)
    expect([...after.runs.keys()]).toEqual([])
  })

  test('a run that ends while it waits has ended', () => {
    const end: StreamEvent = { ...told, ...ended('cancelled') }
    expect(runOf(play([{ ...told, event: 'queued', position: 1 }, end])).status).toBe('cancelled')
  })
})

test('ids are ordered by run, then by number', () => {
  const ids = ['1-1000001', '1-1000002', '1-2000001', '2-1000001', '10-1000001']
  for (const [i, a] of ids.entries()) for (const [j, b] of ids.entries()) expect(isAfter(a, b)).toBe(i > j)
})
