import { describe, expect, test } from '@jest/globals'
import { waitFor } from './wait-for.ts'

describe('waitFor', () => {
  test('returns the first truthy value', async () => {
    let calls = 0
    expect(await waitFor(() => ++calls >= 3 && `after ${calls}`, { what: 'three calls', intervalMs: 1 })).toBe(
      'after 3',
    )
  })

  test('takes an error for "not yet", and shows the last one when time is up', async () => {
    const failing = waitFor(() => Promise.reject(new Error('refused')), { what: 'the port', timeoutMs: 30 })
    await expect(failing).rejects.toMatchObject({ message: 'the port: not after 30 ms', cause: new Error('refused') })
  })

  test('is bounded although the condition never settles', async () => {
    await expect(waitFor(() => new Promise(() => {}), { what: 'silence', timeoutMs: 30 })).rejects.toThrow('silence')
  })

  test('ends when its signal does', async () => {
    const stop = new AbortController()
    const waiting = waitFor(() => false, { what: 'nothing', signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow()
  })
})
