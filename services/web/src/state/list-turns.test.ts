import { describe, expect, test } from '@jest/globals'
import { applyRunView } from './apply-run-view.ts'
import { lacksAnswer, lacksQuestion, listTurns, unfinishedRuns, unsettledRunIds } from './list-turns.ts'
import { mergeMessages } from './merge-messages.ts'
import { reduceEvent } from './reduce-event.ts'
import { EMPTY_SESSION, newRun, withRun } from './session-state.ts'
import { ended, eventsOf, message, say, started, stored, TIMINGS } from './test-events.ts'

const QUESTION = message('q1', 'r1', 'First?')
const ANSWER = message('a1', 'r1', 'First.', { parentId: 'q1' })

describe('turns', () => {
  test('a question stands with its answer, in the order they were asked', () => {
    // The second question was asked before the first was answered: its id is the smaller one.
    const second = message('q2', 'r2', 'Second?')
    const state = mergeMessages(EMPTY_SESSION, [ANSWER, second, QUESTION])
    expect(listTurns(state).map(({ question, answer }) => [question?.content, answer?.content])).toEqual([
      ['First?', 'First.'],
      ['Second?', undefined],
    ])
  })

  test('an answer whose question is on an older page still shows', () => {
    const state = mergeMessages(EMPTY_SESSION, [message('a0', 'r0', 'Older.'), QUESTION, ANSWER])
    expect(listTurns(state).map(({ answer }) => answer?.content)).toEqual(['Older.', 'First.'])
  })

  test('a question answered again is one turn, with its newest run and that one’s answer', () => {
    const state = mergeMessages(EMPTY_SESSION, [QUESTION, ANSWER])
    const going = withRun(withRun(state, newRun('r1', { questionId: 'q1' })), newRun('r2', { questionId: 'q1' }))
    expect(lacksQuestion(going)).toBe(false)
    expect(listTurns(going)).toMatchObject([{ run: { runId: 'r2' }, answer: undefined }])
    const second = message('a2', 'r2', 'Second.', { parentId: 'q1' })
    expect(listTurns(mergeMessages(going, [second]))).toMatchObject([{ run: { runId: 'r2' }, answer: { id: 'a2' } }])
    expect(listTurns(mergeMessages(state, [second])).map(({ answer }) => answer?.id)).toEqual(['a2'])
  })

  test('a message that comes twice is there once', () => {
    const state = mergeMessages(mergeMessages(EMPTY_SESSION, [QUESTION]), [QUESTION, ANSWER])
    expect(state.messages).toHaveLength(2)
  })
})

describe('what is missing', () => {
  test('a run of which the question is not loaded was asked elsewhere', () => {
    const heard = eventsOf('r1', [started()]).reduce(reduceEvent, EMPTY_SESSION)
    expect(lacksQuestion(heard)).toBe(true)
    expect(lacksQuestion(mergeMessages(heard, [QUESTION]))).toBe(false)
  })

  test('an answer is whole when as much was heard as was stored', () => {
    const heard = (length: number) =>
      eventsOf('r1', [started(), say('First.'), stored('a1', length), ended()]).reduce(reduceEvent, EMPTY_SESSION)
    expect(lacksAnswer(heard(6))).toBe(false)
    expect(lacksAnswer(heard(60))).toBe(true)
    expect(lacksAnswer(mergeMessages(heard(60), [ANSWER]))).toBe(false)
  })

  test('a question without answer or run, and an answer that broke off, are asked for', () => {
    const broken = message('a0', 'r0', 'Half', { finishReason: 'error' })
    const state = mergeMessages(EMPTY_SESSION, [message('q0', 'r0', 'Zero?'), broken, QUESTION])
    expect(unsettledRunIds(state, 5)).toEqual(['r1', 'r0'])
    expect(unsettledRunIds(withRun(state, newRun('r1')), 5)).toEqual(['r0'])
    expect(unsettledRunIds(mergeMessages(state, [ANSWER]), 5)).toEqual(['r0'])
  })

  test('the first unfinished run is the one asked first', () => {
    const state = mergeMessages(EMPTY_SESSION, [QUESTION, message('q2', 'r2', 'Second?')])
    const both = withRun(withRun(state, newRun('r2', { questionId: 'q2' })), newRun('r1', { questionId: 'q1' }))
    expect(unfinishedRuns(both).map(({ runId }) => runId)).toEqual(['r1', 'r2'])
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
