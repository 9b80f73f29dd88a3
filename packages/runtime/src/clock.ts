import { setTimeout as delay } from 'node:timers/promises'

/** Time as a parameter, so that what depends on it can be tested without waiting. */
export type Clock = {
  /** Milliseconds since 1970, for what people read. */
  now(): number
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {})
  },
}
