import { describe, expect, test } from '@jest/globals'
import { movedRun, neighbourOf, withQueue } from './queue-state.ts'
import { reduceEvent } from './reduce-event.ts'
import { EMPTY_SESSION, newRun, withRun } from './session-state.ts'
import { ended, eventsOf, queued, say, started } from './test-events.ts'

const ids = ({ queue }: typeof EMPTY_SESSION): string[] => queue.map(({ runId }) => runId)

describe('the queue', () => {
  test('holds what waits, and nothing that the stream has told of since', () => {
    const state = withRun(
      withRun(EMPTY_SESSION, newRun('r2', { status: 'running' })),
      newRun('r3', { status: 'waiting' }),
    )
    const told = [queued('r1', { status: 'queued' }), queued('r2'), queued('r3'), queued('r4')]
    expect(ids(withQueue(state, told))).toEqual(['r3', 'r4'])
  })

  test('loses a question that has its turn or is withdrawn', () => {
    const state = withQueue(EMPTY_SESSION, [queued('r1'), queued('r2')])
    expect(ids(eventsOf('r1', [started()]).reduce(reduceEvent, state))).toEqual(['r2'])
    expect(ids(eventsOf('r2', [ended('cancelled')]).reduce(reduceEvent, state))).toEqual(['r1'])
    const other = eventsOf('r9', [started(), say('text')]).reduce(reduceEvent, state)
    expect(other.queue).toBe(state.queue)
  })

  test('a question moves by one place, and not over the ends', () => {
    const queue = [queued('r1'), queued('r2'), queued('r3')]
    expect(movedRun(queue, 'r3', -1)).toEqual(['r1', 'r3', 'r2'])
    expect(movedRun(queue, 'r1', 1)).toEqual(['r2', 'r1', 'r3'])
    expect(movedRun(queue, 'r1', -1)).toBeUndefined()
    expect(movedRun(queue, 'r3', 1)).toBeUndefined()
    expect(movedRun(queue, 'gone', 1)).toBeUndefined()
  })
})

test('the neighbour of a message is the one before it, else the one after it', () => {
  const group = ['a', 'b', 'c']
  expect([0, 1, 2].map((index) => neighbourOf({ ids: group, index }))).toEqual(['b', 'a', 'b'])
  expect(neighbourOf(undefined)).toBeUndefined()
})
