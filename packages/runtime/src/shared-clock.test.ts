import { describe, expect, test } from '@jest/globals'
import { createSharedClock } from './shared-clock.ts'

const TRUE_TIME = 1_700_000_000_000
const HOUR_MS = 3_600_000

/** A process whose own time is wrong by `wrongBy`, and the time that is read; both move only when told to. */
function setUp(wrongBy: number) {
  const world = { elapsed: 5000, trueTime: TRUE_TIME, reads: 0, tookMs: 10, away: false, wrongBy }
  const warnings: unknown[] = []
  const pass = (ms: number): void => {
    world.elapsed += ms
    world.trueTime += ms
  }
  const clock = createSharedClock({
    // The time is taken in the middle of the round trip.
    read: async () => {
      world.reads += 1
      pass(world.tookMs / 2)
      if (world.away) throw new Error('away')
      const time = world.trueTime
      pass(world.tookMs / 2)
      return time
    },
    logger: { warn: (facts: unknown) => void warnings.push(facts) },
    elapsed: () => world.elapsed,
    ownTime: () => world.trueTime + world.wrongBy,
    everyMs: 1,
    retryMs: 1,
  })
  /** Resolves after the next reading has been taken in. */
  const nextReading = async (): Promise<void> => {
    const before = world.reads
    while (world.reads < before + 2) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return { clock, world, pass, warnings, nextReading }
}

describe('the clock that processes share', () => {
  test.each([HOUR_MS, -HOUR_MS])(
    'a machine that is wrong by %i ms has the common time, and says so once',
    async (ms) => {
      const { clock, world, pass, warnings, nextReading } = setUp(ms)
      await clock.start()
      expect(clock.now()).toBe(world.trueTime)
      pass(123_456)
      expect(clock.now()).toBe(world.trueTime)
      await nextReading()
      clock.close()
      expect(warnings).toEqual([{ offByMs: ms }])
    },
  )

  test('a step of the machine’s own clock changes nothing', async () => {
    const { clock, world, pass } = setUp(0)
    await clock.start()
    world.wrongBy = HOUR_MS
    pass(1000)
    expect(clock.now()).toBe(world.trueTime)
    clock.close()
  })

  test('it goes by its own time until there is another, and asks again', async () => {
    const { clock, world, nextReading } = setUp(HOUR_MS)
    world.away = true
    await clock.start()
    expect(clock.now()).toBe(world.trueTime + HOUR_MS)
    world.away = false
    await nextReading()
    clock.close()
    expect(clock.now()).toBe(world.trueTime)
  })

  test('what is known is kept while the time cannot be read', async () => {
    const { clock, world, nextReading } = setUp(HOUR_MS)
    await clock.start()
    world.away = true
    await nextReading()
    clock.close()
    expect(clock.now()).toBe(world.trueTime)
  })

  test('a slow reading is better than none, and worse than what is known', async () => {
    const { clock, world, nextReading } = setUp(HOUR_MS)
    world.tookMs = 4000
    await clock.start()
    expect(clock.now()).toBe(world.trueTime)
    world.tookMs = 10
    await nextReading()
    // The common time itself is corrected: only a quick reading may tell.
    world.trueTime += 60_000
    const before = clock.now()
    world.tookMs = 4000
    await nextReading()
    expect(clock.now()).toBeLessThan(world.trueTime - 50_000)
    expect(clock.now()).toBeGreaterThanOrEqual(before)
    world.tookMs = 10
    await nextReading()
    clock.close()
    expect(clock.now()).toBe(world.trueTime)
  })
})
