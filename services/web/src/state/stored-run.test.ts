import type { MessageView } from '@askwire/contracts'
import { expect, test } from '@jest/globals'
import { newRun } from './session-state.ts'
import { shownRun } from './stored-run.ts'

const step = { node: 'respond', title: 'Respond', status: 'succeeded', elapsedMs: 700, outputs: {} } as const
const timings = { queuedMs: 1, firstTokenMs: 20, totalMs: 900 }
const answer: MessageView = {
  ...{ id: 'a', sessionId: 's', parentId: 'q', runId: 'r', role: 'assistant', content: 'Yes.', partial: false },
  ...{ model: 'm', resources: [], usage: null, finishReason: 'stop', createdAt: '2026-01-01T00:00:00.000Z' },
  run: { runId: 'r', status: 'succeeded', timings, error: null, steps: [step] },
}

test('a stored answer shows the steps and times of its run', () => {
  expect(shownRun(undefined, answer)).toMatchObject({ runId: 'r', status: 'succeeded', steps: [step], timings })
  const { run: _, ...bare } = answer
  expect(shownRun(undefined, bare)).toBeUndefined()
})

test('what was streamed goes before it, also when only its end was heard', () => {
  const streamed = newRun('r', { steps: [{ ...step, elapsedMs: 650 }], status: 'succeeded' })
  expect(shownRun(streamed, answer)).toBe(streamed)
  const heard = newRun('r', { status: 'succeeded', replaced: 'moderated' })
  expect(shownRun(heard, answer)).toMatchObject({ replaced: 'moderated', steps: [step], timings })
  const running = newRun('r', { status: 'running' })
  expect(shownRun(running, undefined)).toBe(running)
})
