export type TickWheel = {
  /** Calls `work` once, about `atMs` of `performance.now()`; never early by more than a millisecond. */
  at(atMs: number, work: () => void): void
  close(): void
}

/**
 * One timer for thousands of streams: work is put into buckets of a millisecond, and a single 1 ms timer empties those
 * that are due. It stops while nothing waits. Work that came late is done at once, so schedules do not drift.
 */
export function createTickWheel(): TickWheel {
  const buckets = new Map<number, (() => void)[]>()
  let timer: NodeJS.Timeout | undefined
  let next = 0

  const turn = (): void => {
    timer = undefined
    const now = Math.floor(performance.now())
    while (next <= now && buckets.size > 0) {
      const due = buckets.get(next)
      buckets.delete(next)
      // Before the work: what it schedules must land in a bucket that is still to come.
      next += 1
      for (const work of due ?? []) work()
    }
    if (buckets.size > 0) timer ??= setTimeout(turn, 1)
  }

  return {
    at(atMs, work) {
      const now = Math.floor(performance.now())
      if (buckets.size === 0) next = now
      const slot = Math.max(Math.ceil(atMs), next)
      const bucket = buckets.get(slot)
      if (bucket) bucket.push(work)
      else buckets.set(slot, [work])
      timer ??= setTimeout(turn, 1)
    },
    close() {
      clearTimeout(timer)
      timer = undefined
      buckets.clear()
    },
  }
}
