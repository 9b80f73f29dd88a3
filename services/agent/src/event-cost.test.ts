import { expect, test } from '@jest/globals'
import { measureEvents } from './test-support/measure-events.ts'

/**
 * A cost per event that grows with the answer shows as a second slope far above the first: for a cost linear in the events
 * so far (a task cloned per event) 18 times, for a flat one 1.
 */
test('an event of an answer of 8000 events costs what one of 50 does', async () => {
  const total = await measureEvents([50, 500, 2000, 8000], 1000)
  const perEvent = (from: number, to: number): number => (total.get(to)! - total.get(from)!) / (to - from)
  const early = perEvent(50, 500)
  const late = perEvent(2000, 8000)
  process.stderr.write(
    `µs of CPU per event: ${early.toFixed(1)} from 50 to 500, ${late.toFixed(1)} from 2000 to 8000\n`,
  )
  expect(late / early).toBeLessThan(9)
}, 60_000)
