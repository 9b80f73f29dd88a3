import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type Append, createAppendBatches } from './append-batches.ts'

const append = (key: string): Append => ({ key, before: '', idsAndValues: ['1-1000001', 'x'] })
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  jest.advanceTimersByTime(1000)
})
afterEach(() => void jest.useRealTimers())

/** Batches that are answered when told to. */
function setUp() {
  const sent: { keys: string[]; answer: PromiseWithResolvers<(number | string)[]> }[] = []
  const batches = createAppendBatches((appends) => {
    const answer = Promise.withResolvers<(number | string)[]>()
    sent.push({ keys: appends.map(({ key }) => key), answer })
    return answer.promise
  })
  return { sent, batches }
}

describe('append batches', () => {
  test('what comes in one turn leaves together, and each gets its own result', async () => {
    const { sent, batches } = setUp()
    const results = ['a', 'b', 'c'].map((key) => batches(append(key)))
    await turn()
    expect(sent.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']])
    sent[0]?.answer.resolve([1, 0, 'OOM'])
    expect(await Promise.all(results)).toEqual([1, 0, 'OOM'])
  })

  test('while a batch is under way the next ones gather, and leave after its reply', async () => {
    const { sent, batches } = setUp()
    void batches(append('a'))
    await turn()
    for (const key of ['b', 'c', 'd']) {
      void batches(append(key))
      await turn()
    }
    jest.advanceTimersByTime(19)
    expect(sent).toHaveLength(1)
    sent[0]?.answer.resolve([1])
    await turn()
    await turn()
    expect(sent[1]?.keys).toEqual(['b', 'c', 'd'])
  })

  test('a reply that does not come holds nobody up for long', async () => {
    const { sent, batches } = setUp()
    void batches(append('a'))
    await turn()
    void batches(append('b'))
    jest.advanceTimersByTime(20)
    expect(sent.map(({ keys }) => keys)).toEqual([['a'], ['b']])
  })

  test('a full batch does not wait', () => {
    const { sent, batches } = setUp()
    for (let index = 0; index < 300; index += 1) void batches(append(String(index)))
    expect(sent.map(({ keys }) => keys.length)).toEqual([128, 128])
  })

  test('a failed batch fails everyone in it, and the next one goes on', async () => {
    const { sent, batches } = setUp()
    const failing = [batches(append('a')), batches(append('b'))]
    await turn()
    sent[0]?.answer.reject(new Error('away'))
    for (const result of failing) await expect(result).rejects.toThrow('away')
    jest.advanceTimersByTime(2)
    const later = batches(append('a'))
    await turn()
    sent[1]?.answer.resolve([1])
    expect(await later).toBe(1)
  })
})
