/** Events of one session on their way: its stream, the id before the first one's (or empty), then id and value of each. */
export type Append = { key: string; before: string; idsAndValues: readonly string[] }

/** Appends on one connection, and resolves with what the script says of this one. Rejects as the sending does. */
export type AppendBatches = (append: Append) => Promise<number | string>

type Entry = Append & PromiseWithResolvers<number | string>

/** Least time between two batches. */
const GAP_MS = 2
/** A batch leaves at once when it holds so many sessions, or characters: Redis must not be kept busy by one for long. */
const MAX_APPENDS = 128
const MAX_CHARS = 262_144

/**
 * Gathers the appends of one turn of the event loop, and of two milliseconds when there is much to do, into one command: on a
 * quiet system nothing waits for longer than its turn. A command for each append was most of what an append cost, on both sides.
 */
export function createAppendBatches(
  send: (appends: readonly Append[]) => Promise<readonly (number | string)[]>,
): AppendBatches {
  let entries: Entry[] = []
  let chars = 0
  let sentAt = 0

  const flush = (): void => {
    const batch = entries
    if (batch.length === 0) return
    entries = []
    chars = 0
    sentAt = performance.now()
    send(batch).then(
      (results) => {
        for (const [index, { resolve }] of batch.entries()) resolve(results[index] ?? 'no reply')
      },
      (error: unknown) => {
        for (const { reject } of batch) reject(error)
      },
    )
  }

  return (append) => {
    const entry: Entry = { ...append, ...Promise.withResolvers<number | string>() }
    entries.push(entry)
    for (const text of append.idsAndValues) chars += text.length
    if (entries.length >= MAX_APPENDS || chars > MAX_CHARS) flush()
    else if (entries.length === 1) {
      const restMs = sentAt + GAP_MS - performance.now()
      if (restMs > 0) setTimeout(flush, restMs)
      else setImmediate(flush)
    }
    return entry.promise
  }
}
