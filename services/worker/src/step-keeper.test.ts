import type { AnswerStep } from '@askwire/contracts'
import { expect, test } from '@jest/globals'
import { createStepKeeper, MAX_RESULT_CHARS, MAX_STEPS } from './step-keeper.ts'

const REWRITE = { node: 'rewrite', title: 'Understand the question' }
const RESPOND = { node: 'respond', title: 'Write the answer' }
const done = (outputs: AnswerStep['outputs'] = {}): AnswerStep => ({
  ...REWRITE,
  ...{ elapsedMs: 12, status: 'succeeded', outputs },
})

test('steps are kept as they were told', () => {
  const keeper = createStepKeeper()
  keeper.started(REWRITE)
  keeper.finished(done({ question: 'Why?', passages: 6, whole: true }))
  expect(keeper.all()).toEqual([done({ question: 'Why?', passages: 6, whole: true })])
})

test('the one that a run ends in the middle of has failed', () => {
  let now = 1000
  const keeper = createStepKeeper(() => now)
  keeper.started(REWRITE)
  keeper.finished(done())
  keeper.started(RESPOND)
  now = 1700.4
  expect(keeper.all()).toEqual([done(), { ...RESPOND, elapsedMs: 700, status: 'failed', outputs: {} }])
})

test('they are bounded: each result, how many of them, and how many steps', () => {
  const keeper = createStepKeeper()
  // The cut falls into a character of two units.
  keeper.finished(done({ question: `${'x'.repeat(MAX_RESULT_CHARS - 1)}😀`, big: ['y'.repeat(5000)], small: ['y'] }))
  keeper.finished(done(Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`result${at}`, at]))))
  const [first, second] = keeper.all()
  expect(first?.outputs).toEqual({ question: `${'x'.repeat(MAX_RESULT_CHARS - 1)}\ufffd`, small: ['y'] })
  expect(Object.keys(second?.outputs ?? {})).toHaveLength(20)
  for (let step = 0; step < 2 * MAX_STEPS; step += 1) keeper.finished(done())
  keeper.started(RESPOND)
  expect(keeper.all()).toHaveLength(MAX_STEPS)
})
