const TICK_MS = 10

/**
 * How long `work` took as this process's event loop saw it, in milliseconds: what a stalled or crowded machine takes away is not
 * counted. Never more than the time that passed, so an upper bound on it holds on any machine, and is missed by who waits too long on a
 * quiet one. Work that keeps the loop busy is not seen: take `process.cpuUsage` for that.
 */
export async function loopTime<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, TICK_MS)
  try {
    const value = await work()
    return { value, ms: ticks * TICK_MS }
  } finally {
    clearInterval(timer)
  }
}
