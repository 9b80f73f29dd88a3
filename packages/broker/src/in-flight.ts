/** Counts work under way, so that closing can wait for it within a bound. */
export type InFlight = {
  count(): number
  enter(): void
  leave(): void
  /** Resolves true when nothing is under way, false when `timeoutMs` passed first. */
  idle(timeoutMs: number): Promise<boolean>
}

export function createInFlight(): InFlight {
  let count = 0
  const waiting = new Set<() => void>()
  return {
    count: () => count,
    enter: () => {
      count += 1
    },
    leave: () => {
      count -= 1
      if (count === 0) for (const resolve of [...waiting]) resolve()
    },
    idle: (timeoutMs) =>
      new Promise((resolve) => {
        if (count === 0) return resolve(true)
        const done = (idle: boolean): void => {
          clearTimeout(timer)
          waiting.delete(onIdle)
          resolve(idle)
        }
        const onIdle = (): void => done(true)
        const timer = setTimeout(() => done(false), timeoutMs)
        waiting.add(onIdle)
      }),
  }
}
