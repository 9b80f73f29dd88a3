/** A place for a thing that comes and goes (a connection, a channel), and a way to wait for it. */
export type Slot<T> = {
  get(): T | undefined
  set(value: T | undefined): void
  /** The value, at once or when it comes. Rejects with the signal's reason. */
  wait(signal: AbortSignal): Promise<T>
}

export function createSlot<T>(): Slot<T> {
  let value: T | undefined
  const waiting = new Set<(value: T) => void>()
  return {
    get: () => value,
    set: (next) => {
      value = next
      if (next !== undefined) for (const resolve of [...waiting]) resolve(next)
    },
    wait: (signal) =>
      new Promise((resolve, reject) => {
        if (value !== undefined) return resolve(value)
        if (signal.aborted) return reject(signal.reason)
        const onAbort = (): void => {
          waiting.delete(onValue)
          reject(signal.reason)
        }
        const onValue = (next: T): void => {
          waiting.delete(onValue)
          signal.removeEventListener('abort', onAbort)
          resolve(next)
        }
        waiting.add(onValue)
        signal.addEventListener('abort', onAbort, { once: true })
      }),
  }
}

/** Resolves when the signal is aborted. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
