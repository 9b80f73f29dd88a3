import { describe, expect, jest, test } from '@jest/globals'
import { createDraftKeeper } from './draft-keeper.ts'

describe('a draft', () => {
  test('is stored once the typing rests, and not when it is as it was', async () => {
    jest.useFakeTimers()
    try {
      const stored: string[] = []
      const keeper = createDraftKeeper(async (text) => stored.push(text), '', 100)
      keeper.change('a')
      keeper.change('ab')
      await jest.advanceTimersByTimeAsync(100)
      expect(stored).toEqual(['ab'])
      keeper.change('abc')
      keeper.change('ab')
      await jest.advanceTimersByTimeAsync(100)
      expect(stored).toEqual(['ab'])
      keeper.change('')
      keeper.flush()
      await jest.advanceTimersByTimeAsync(0)
      expect(stored).toEqual(['ab', ''])
    } finally {
      jest.useRealTimers()
    }
  })

  test('that changes while it is being stored is stored again, the last text last', async () => {
    const stored: string[] = []
    let done = (): void => {}
    const keeper = createDraftKeeper(
      (text) =>
        new Promise<void>((resolve) => {
          stored.push(text)
          done = resolve
        }),
      '',
    )
    keeper.change('one')
    keeper.flush()
    keeper.change('two')
    keeper.flush()
    expect(stored).toEqual(['one'])
    done()
    await new Promise((resolve) => setImmediate(resolve))
    expect(stored).toEqual(['one', 'two'])
  })

  test('that could not be stored is tried again, by itself and when asked to', async () => {
    jest.useFakeTimers()
    try {
      const tried: string[] = []
      const keeper = createDraftKeeper(async (text) => {
        tried.push(text)
        if (tried.length < 3) throw new Error('away')
      }, '')
      keeper.change('text')
      keeper.flush()
      await jest.advanceTimersByTimeAsync(0)
      keeper.flush()
      await jest.advanceTimersByTimeAsync(0)
      expect(tried).toEqual(['text', 'text'])
      await jest.advanceTimersByTimeAsync(60_000)
      expect(tried).toEqual(['text', 'text', 'text'])
    } finally {
      jest.useRealTimers()
    }
  })
})
