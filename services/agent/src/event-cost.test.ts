import { expect, test } from '@jest/globals'
import { measureEvents } from './test-support/measure-events.ts'

/**
 * A cost per event that grows with the answer shows as a second slope far above the first: for a cost linear in the events
 * so far (a task cloned per event) 4.5 times, for a flat one 1.
 */
test('an event of an answer of 2000 events costs what one of 50 does', async () => {
  const total = await measureEvents([50, 500, 2000], 1000)
  const perEvent = (from: number, to: number): number => (total.get(to)! - total.get(from)!) / (to - from)
  const early = perEvent(50, 500)
  const late = perEvent(500, 2000)
  process.stderr.write(`µs per event: ${early.toFixed(1)} from 50 to 500, ${late.toFixed(1)} from 500 to 2000\n`)
  expect(late / early).toBeLessThan(3)
  expect(total.get(2000)! / 2000).toBeLessThan(1.5 * (total.get(50)! / 50))
}, 60_000)
