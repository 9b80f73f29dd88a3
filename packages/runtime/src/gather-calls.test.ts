import { describe, expect, test } from '@jest/globals'
import { gatherCalls } from './gather-calls.ts'

/** A call that ends when it is told to. */
function heldCall() {
  const calls: { items: readonly number[]; end: (error?: Error) => void }[] = []
  const call = (items: readonly number[]): Promise<void> =>
    new Promise((resolve, reject) => {
      calls.push({ items, end: (error) => (error ? reject(error) : resolve()) })
    })
  return { calls, call }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('gathered calls', () => {
  test('what is added in one turn goes together, what comes during a call goes with the next', async () => {
    const { calls, call } = heldCall()
    const add = gatherCalls(call, { maxItems: 10 })
    const first = [add(1), add(2)]
    await turn()
    expect(calls.map(({ items }) => items)).toEqual([[1, 2]])
    const second = [add(3), add(4)]
    await turn()
    expect(calls).toHaveLength(1)
    calls[0]?.end()
    await Promise.all(first)
    await turn()
    expect(calls.map(({ items }) => items)).toEqual([
      [1, 2],
      [3, 4],
    ])
    calls[1]?.end()
    await Promise.all(second)
  })

  test('a call carries no more than it may', async () => {
    const sizes: number[] = []
    const add = gatherCalls<number>(async (items) => void sizes.push(items.length), { maxItems: 2 })
    await Promise.all([1, 2, 3, 4, 5].map((item) => add(item)))
    expect(sizes).toEqual([2, 2, 1])
  })

  test('a call that fails fails its own items, and the next goes on', async () => {
    const { calls, call } = heldCall()
    const add = gatherCalls(call, { maxItems: 10 })
    const lost = expect(add(1)).rejects.toThrow('away')
    await turn()
    const kept = add(2)
    calls[0]?.end(new Error('away'))
    await lost
    await turn()
    calls[1]?.end()
    await kept
    expect(calls.map(({ items }) => items)).toEqual([[1], [2]])
  })

  test('with a delay a call waits for more', async () => {
    const batches: (readonly number[])[] = []
    const add = gatherCalls<number>(async (items) => void batches.push(items), { maxItems: 10, delayMs: 300 })
    const first = add(1)
    await turn()
    await Promise.all([first, add(2)])
    expect(batches).toEqual([[1, 2]])
  })
})
