import { setTimeout as delay } from 'node:timers/promises'

/** Time as a parameter, so that what depends on it can be tested without waiting. */
export type Clock = {
  /** Milliseconds since 1970, for what people read. */
  now(): number
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The time by a clock as it stands in events and answers, ISO 8601 in UTC. */
export const isoTime = (clock: Pick<Clock, 'now'>): string => new Date(clock.now()).toISOString()

/** This process's own time. Where several processes have to agree on a time it is the wrong one: see `createSharedClock`. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {})
  },
}
