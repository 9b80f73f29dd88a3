import type { AnswerStep } from '@askwire/contracts'
import { expect, test } from '@jest/globals'
import { keptStep, MAX_RESULT_CHARS } from './kept-step.ts'

const step = (outputs: AnswerStep['outputs']): AnswerStep => ({
  ...{ node: 'rewrite', title: 'Understand the question', elapsedMs: 12, status: 'succeeded' },
  outputs,
})

test('a step is kept as it was told', () => {
  const told = step({ question: 'Why?', passages: 6, whole: true })
  expect(keptStep(told)).toEqual(told)
})

test('its results are bounded, each and in number', () => {
  // The cut falls into a character of two units.
  const { question, big, small } = keptStep(
    step({ question: `${'x'.repeat(MAX_RESULT_CHARS - 1)}😀`, big: ['y'.repeat(5000)], small: ['y'] }),
  ).outputs
  expect([question, big, small]).toEqual([`${'x'.repeat(MAX_RESULT_CHARS - 1)}\ufffd`, undefined, ['y']])
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`result${at}`, at]))
  expect(Object.keys(keptStep(step(many)).outputs)).toHaveLength(20)
})
