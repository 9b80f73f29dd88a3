/** Takes one item; resolves with what the call that carried it gave, and rejects as that call did. */
export type Gathered<T, Result = void> = (item: T) => Promise<Result>

/**
 * One call for many items: what is added in one turn of the event loop, and while the last call is under way, goes together, at most
 * `maxItems`. With `delayMs` a call waits that long for more. Nothing is kept beyond its call: whoever adds an item holds it.
 */
export function gatherCalls<T, Result = void>(
  call: (items: readonly T[]) => Promise<Result>,
  { maxItems, delayMs = 0 }: { maxItems: number; delayMs?: number },
): Gathered<T, Result> {
  let waiting: { item: T; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = []
  let busy = false

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxItems)
      waiting = waiting.slice(maxItems)
      try {
        const result = await call(batch.map(({ item }) => item))
        for (const { resolve } of batch) resolve(result)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    busy = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (busy) return
      busy = true
      if (delayMs === 0) setImmediate(() => void run())
      else setTimeout(() => void run(), delayMs).unref()
    })
}
