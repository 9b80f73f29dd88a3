import { describe, expect, test } from '@jest/globals'
import { isTerminal, RUN_ACTIONS, RUN_STATES, RUN_TRANSITIONS, statesBefore, TERMINAL_STATES } from './run-states.ts'

describe('run table', () => {
  test('a terminal state is never left', () => {
    for (const state of TERMINAL_STATES) {
      for (const action of RUN_ACTIONS) expect(RUN_TRANSITIONS[state][action]).toBeNull()
    }
  })

  test('every state that is not terminal can be cancelled, failed and expired', () => {
    for (const state of RUN_STATES.filter((one) => !isTerminal(one))) {
      expect(RUN_TRANSITIONS[state]).toMatchObject({ cancel: 'cancelled', fail: 'failed', expire: 'expired' })
    }
  })

  test('every state is reached from waiting', () => {
    const reached = new Set<string>(['waiting'])
    for (let round = 0; round < RUN_STATES.length; round++) {
      for (const state of RUN_STATES.filter((one) => reached.has(one))) {
        for (const next of Object.values(RUN_TRANSITIONS[state])) if (next) reached.add(next)
      }
    }
    expect([...reached].sort()).toEqual([...RUN_STATES].sort())
  })

  test('the states before an action', () => {
    expect(statesBefore('claim')).toEqual(['queued', 'running'])
    expect(statesBefore('succeed')).toEqual(['running'])
    expect(statesBefore('release')).toEqual(['waiting'])
  })
})
