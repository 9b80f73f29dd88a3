import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'
import type { Logger } from './logger.ts'

/** A clock that several processes have in common; `start` and `close` are for whoever made it. */
export type SharedClock = Clock & {
  /** Learns the time and keeps to it from then on. Resolves also when it could not be learned yet; it is asked for again soon. */
  start(): Promise<void>
  close(): void
}

export type SharedClockOptions = {
  /** The common time now, in milliseconds since 1970. Rejects while it cannot be had. */
  read: () => Promise<number>
  logger: Pick<Logger, 'warn'>
  /** Milliseconds of a clock that nobody sets. */
  elapsed?: () => number
  /** This process's own idea of the time. */
  ownTime?: () => number
  everyMs?: number
  retryMs?: number
}

/** The paces of two machines differ by less than a millisecond in this time; a machine that slept is right again after it. */
const EVERY_MS = 10_000
const RETRY_MS = 1000
/** The time was read somewhere within the round trip: a longer one is no better than what is known already. */
const SLOW_MS = 500
/** From here on other processes would notice, were it not for the common time. */
const WRONG_MS = 5000

/**
 * Goes by a time that is read elsewhere, and between two readings by the pace of this machine alone: what day it is here means nothing.
 * Until the first reading it is this process's own time.
 */
export function createSharedClock(options: SharedClockOptions): SharedClock {
  const { read, logger, everyMs = EVERY_MS, retryMs = RETRY_MS } = options
  const { elapsed = () => performance.now(), ownTime = () => Date.now() } = options
  /** Common time less `elapsed`. */
  let base: number | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let wasWrong = false

  const learn = async (): Promise<'learned' | 'unsure'> => {
    const before = elapsed()
    const time = await read()
    const tookMs = elapsed() - before
    const slow = tookMs > SLOW_MS
    if (!slow || base === undefined) base = time - before - tookMs / 2
    return slow ? 'unsure' : 'learned'
  }
  const tellIfWrong = (): void => {
    if (base === undefined) return
    const offByMs = Math.round(ownTime() - base - elapsed())
    const isWrong = Math.abs(offByMs) > WRONG_MS
    if (isWrong && !wasWrong) logger.warn({ offByMs }, "this machine's clock is wrong: the common time is followed")
    wasWrong = isWrong
  }
  const round = async (): Promise<void> => {
    const result = await learn().catch((error: unknown) => {
      if (base === undefined) logger.warn({ err: error }, 'the time could not be learned')
      return 'unsure'
    })
    tellIfWrong()
    if (!closed) timer = setTimeout(() => void round(), result === 'learned' ? everyMs : retryMs).unref()
  }

  return {
    ...systemClock,
    now: () => (base === undefined ? ownTime() : base + elapsed()),
    start: round,
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}
