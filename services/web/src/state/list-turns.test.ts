import type { MessageView } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { applyRunView } from './apply-run-view.ts'
import { isShown, listTurns } from './list-turns.ts'
import { mergeMessages } from './merge-messages.ts'
import { reduceEvent } from './reduce-event.ts'
import { EMPTY_SESSION, newRun, type SessionState, withRun } from './session-state.ts'
import { ended, eventsOf, message, queued, say, started, TIMINGS } from './test-events.ts'
import { lacksQuestion, unfinishedRuns } from './unfinished-runs.ts'

const QUESTION = message('q1', 'r1', 'First?')
const ANSWER = message('a1', 'r1', 'First.', { parentId: 'q1' })

/** The messages, with the branch on show that ends in `leafId`. */
const at = (leafId: string, ...messages: MessageView[]): SessionState => ({
  ...mergeMessages(EMPTY_SESSION, messages),
  leafId,
})
const texts = (state: SessionState) =>
  listTurns(state).map(({ question, answer }) => [question?.content, answer?.content])

describe('turns', () => {
  test('are those of the branch on show, in the order of its messages', () => {
    // Asked before the first was answered, and put below that answer when it had its turn: its id is the smaller one.
    const second = message('q2', 'r2', 'Second?', { parentId: 'a1' })
    const edited = message('q3', 'r3', 'First, differently?')
    const all = [ANSWER, second, QUESTION, edited]
    expect(texts(at('q2', ...all))).toEqual([
      ['First?', 'First.'],
      ['Second?', undefined],
    ])
    expect(texts(at('a1', ...all))).toEqual([['First?', 'First.']])
    expect(texts(at('q3', ...all))).toEqual([['First, differently?', undefined]])
  })

  test('an answer whose question is on an older page still shows, under the key its question will have', () => {
    const older = message('a0', 'r0', 'Older.', { parentId: 'q0' })
    const state = at('a1', older, { ...QUESTION, parentId: 'a0' }, ANSWER)
    expect(texts(state)).toEqual([
      [undefined, 'Older.'],
      ['First?', 'First.'],
    ])
    expect(listTurns(state)[0]?.key).toBe('q0')
  })

  test('of several answers the one in the branch shows, with its own run', () => {
    const second = message('a2', 'r2', 'Second.', { parentId: 'q1' })
    const runs = withRun(withRun(at('a1', QUESTION, ANSWER, second), newRun('r1')), newRun('r2', { questionId: 'q1' }))
    expect(listTurns(runs)).toMatchObject([{ run: { runId: 'r1' }, answer: { id: 'a1' }, others: [] }])
    expect(listTurns({ ...runs, leafId: 'a2' })).toMatchObject([{ run: { runId: 'r2' }, answer: { id: 'a2' } }])
  })

  test('while a question is answered again its newest run shows, and what answers it has already', () => {
    const siblings = { ids: ['a0', 'a1'], index: 1 }
    const state = at('q1', QUESTION, { ...ANSWER, siblings })
    const going = withRun(withRun(state, newRun('r1', { questionId: 'q1' })), newRun('r2', { questionId: 'q1' }))
    expect(listTurns(going)).toMatchObject([{ run: { runId: 'r2' }, answer: undefined, others: ['a0', 'a1'] }])
    const waiting = withRun(state, newRun('r2', { questionId: 'q1', status: 'waiting' }))
    const ended = withRun(waiting, newRun('r1', { questionId: 'q1', status: 'succeeded', answerId: 'a1' }))
    expect(listTurns(ended)).toMatchObject([{ run: { runId: 'r1' }, answer: { id: 'a1' }, others: [] }])
  })

  test('an answer that was heard to its end counts before it is loaded', () => {
    const next = message('q2', 'r2', 'Second?', { parentId: 'a1' })
    const state = withRun(at('q2', QUESTION, next), newRun('r1', { questionId: 'q1', answerId: 'a1', text: 'First.' }))
    expect(listTurns(state)).toMatchObject([{ run: { text: 'First.' } }, { question: { id: 'q2' } }])
    expect(isShown(listTurns(state), 'q2')).toBe(true)
    expect(isShown(listTurns(state), 'q3')).toBe(false)
  })

  test('a message that comes twice is there once', () => {
    const state = mergeMessages(mergeMessages(EMPTY_SESSION, [QUESTION]), [QUESTION, ANSWER])
    expect(state.messages).toHaveLength(2)
  })
})

describe('unfinished runs', () => {
  test('one of which the question is not loaded was asked elsewhere, unless it only waits', () => {
    const heard = eventsOf('r1', [started()]).reduce(reduceEvent, EMPTY_SESSION)
    expect(lacksQuestion(heard)).toBe(true)
    expect(lacksQuestion(mergeMessages(heard, [QUESTION]))).toBe(false)
    expect(lacksQuestion(withRun(EMPTY_SESSION, newRun('r2', { questionId: 'q2', status: 'waiting' })))).toBe(false)
  })

  test('the first is the one that is being answered, then those that wait, in the order of the queue', () => {
    const runs = [
      newRun('r1', { questionId: 'q1', status: 'waiting' }),
      newRun('r2', { status: 'waiting' }),
      newRun('r3', { questionId: 'q3', status: 'running' }),
      newRun('r0', { status: 'failed' }),
    ]
    const state = { ...runs.reduce(withRun, EMPTY_SESSION), queue: [queued('r2'), queued('r1')] }
    expect(unfinishedRuns(state).map(({ runId }) => runId)).toEqual(['r3', 'r2', 'r1'])
  })
})

describe('a run as the database has it', () => {
  const view = {
    runId: 'r1',
    sessionId: 's',
    attempt: 3,
    position: 0,
    createdAt: '',
    startedAt: null,
    finishedAt: null,
    answerId: null,
    usage: null,
    timings: TIMINGS,
    error: {
      code: 'attempts_exhausted' as const,
      message: 'no',
      retryable: false,
      statusCode: 500,
      isOperational: true,
      requestId: 'r1',
      details: [],
    },
  }

  test('tells why there is no answer', () => {
    const state = applyRunView(EMPTY_SESSION, { ...view, status: 'failed' })
    expect(state.runs.get('r1')).toMatchObject({ status: 'failed', error: { code: 'attempts_exhausted' } })
  })

  test('does not undo what the stream has told since', () => {
    const heard = eventsOf('r1', [started(), say('First.'), ended()]).reduce(reduceEvent, EMPTY_SESSION)
    expect(applyRunView(heard, { ...view, status: 'running' })).toBe(heard)
    const half = eventsOf('r1', [started(), say('Fir')]).reduce(reduceEvent, EMPTY_SESSION)
    expect(applyRunView(half, { ...view, status: 'running' })).toBe(half)
    expect(applyRunView(half, { ...view, status: 'cancelled' }).runs.get('r1')).toMatchObject({
      status: 'cancelled',
      text: 'Fir',
    })
  })
})
