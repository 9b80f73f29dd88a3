import type { MessageView } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { mergeMessages } from './merge-messages.ts'
import { EMPTY_SESSION, newRun, withRun } from './session-state.ts'
import { appendQuestion, endOf, showBranch, withoutMessage } from './show-branch.ts'
import { message, TIMINGS } from './test-events.ts'

const q1 = message('q1', 'r1', 'First?')
const a1 = message('a1', 'r1', 'First.', { parentId: 'q1' })
const q2 = message('q2', 'r2', 'Second?', { parentId: 'a1' })
const a2 = message('a2', 'r2', 'Second.', { parentId: 'q2' })
/** As the gateway gives it: newest first. */
const page = (items: MessageView[], nextCursor: string | null = null) => ({ items, nextCursor })

describe('a branch that is shown', () => {
  test('ends where its page begins', () => {
    const state = showBranch(EMPTY_SESSION, page([a2, q2, a1, q1]))
    expect(state).toMatchObject({ leafId: 'a2', olderCursor: null })
    expect(showBranch(state, page([]))).toMatchObject({ leafId: null, messages: { length: 4 } })
  })

  test('goes on being loaded where it was, when more of it is known than the page holds', () => {
    const first = showBranch(EMPTY_SESSION, page([a1], 'after-a1'))
    expect(first.olderCursor).toBe('after-a1')
    const longer = showBranch(first, page([a2, q2], 'after-q2'))
    expect(longer.olderCursor).toBe('after-a1')
    // Of another branch less is known.
    const other = message('a3', 'r3', 'Other.', { parentId: 'q3' })
    expect(showBranch(longer, page([other], 'after-a3')).olderCursor).toBe('after-a3')
    // To its beginning.
    expect(showBranch(mergeMessages(longer, [q1]), page([a2, q2], 'after-q2')).olderCursor).toBe(null)
  })

  test('that ends in a question tells of its run, unless the stream has', () => {
    const run = { runId: 'r9', status: 'running', timings: TIMINGS, error: null } as const
    const asked = page([{ ...q1, run }])
    expect(showBranch(EMPTY_SESSION, asked).runs.get('r9')).toMatchObject({ status: 'running', questionId: 'q1' })
    const heard = withRun(EMPTY_SESSION, newRun('r9', { text: 'Fir' }))
    expect(showBranch(heard, asked).runs.get('r9')?.text).toBe('Fir')
  })
})

describe('a question that is asked', () => {
  test('stands below the end of the branch, also when that answer is not loaded yet', () => {
    const state = showBranch(EMPTY_SESSION, page([a1, q1]))
    expect(appendQuestion(state, message('q2', 'r2', 'Second?'))).toMatchObject({
      leafId: 'q2',
      messages: [{ id: 'a1' }, { id: 'q1' }, { id: 'q2', parentId: 'a1' }],
    })
    const ended = newRun('r1', { questionId: 'q1', answerId: 'a1', status: 'succeeded' })
    expect(endOf(withRun(showBranch(EMPTY_SESSION, page([q1])), ended))).toBe('a1')
    expect(endOf(EMPTY_SESSION)).toBe(null)
  })
})

describe('a message that is deleted', () => {
  test('goes with all below it, whatever their ids, and out of its group', () => {
    // Asked while the first was being answered: older than the answer it hangs on.
    const below = message('q0', 'r0', 'Zero?', { parentId: 'a2' })
    const ids = ['a1', 'b1', 'c1']
    const group = ids.map((id, index) => ({ ...a1, id, siblings: { ids, index } }))
    const state = showBranch(EMPTY_SESSION, page([below, a2, q2, ...group, q1]))
    const without = withoutMessage(withRun(state, newRun('r2', { questionId: 'q2' })), 'a1')
    expect(without.messages.map(({ id, siblings }) => [id, siblings])).toEqual([
      ['b1', { ids: ['b1', 'c1'], index: 0 }],
      ['c1', { ids: ['b1', 'c1'], index: 1 }],
      ['q1', undefined],
    ])
    expect(without.runs.size).toBe(0)
    expect(withoutMessage(without, 'c1').messages.find(({ id }) => id === 'b1')?.siblings).toBeUndefined()
  })
})
