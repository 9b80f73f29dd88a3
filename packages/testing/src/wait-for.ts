import { setTimeout as sleep } from 'node:timers/promises'

export type WaitForOptions = { timeoutMs?: number; intervalMs?: number; what: string; signal?: AbortSignal }

/**
 * Asks `condition` until it gives something truthy, and returns that. A condition that throws has not come true yet.
 * Rejects after `timeoutMs` (default 20 s) naming `what`, with the condition's last error as cause; a condition that
 * never settles is bounded by the same time.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 20_000, intervalMs = 20, what, signal }: WaitForOptions,
): Promise<Exclude<T, false | 0 | '' | null | undefined>> {
  const deadline = performance.now() + timeoutMs
  let lastError: unknown
  for (;;) {
    signal?.throwIfAborted()
    const leftMs = deadline - performance.now()
    if (leftMs <= 0) throw new Error(`${what}: not after ${timeoutMs} ms`, { cause: lastError })
    try {
      const value = await settleWithin(condition, leftMs)
      if (value) return value as Exclude<T, false | 0 | '' | null | undefined>
    } catch (error) {
      lastError = error
    }
    await sleep(intervalMs, undefined, signal === undefined ? {} : { signal })
  }
}

async function settleWithin<T>(condition: () => T | Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the condition did not settle')), ms)
  })
  try {
    return await Promise.race([(async () => condition())(), expired])
  } finally {
    clearTimeout(timer)
  }
}
