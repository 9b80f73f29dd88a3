import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { loopTime } from './loop-time.ts'

test('counts waiting, never more than the time that passed, and gives the value', async () => {
  const startedAt = performance.now()
  const { value, ms } = await loopTime(() => sleep(200, 'done'))
  expect(value).toBe('done')
  expect(ms).toBeGreaterThan(0)
  expect(ms).toBeLessThanOrEqual(performance.now() - startedAt)
})

test('does not count while the process stands still', async () => {
  const { ms } = await loopTime(async () => {
    await sleep(20)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
    await sleep(20)
  })
  expect(ms).toBeLessThanOrEqual(200)
})

test('passes a failure on', async () => {
  await expect(loopTime(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
})
