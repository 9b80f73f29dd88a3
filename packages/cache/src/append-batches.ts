/** Events of one session on their way: its stream, the id before the first one's (or empty), then id and value of each. */
export type Append = { key: string; before: string; idsAndValues: readonly string[] }

/** Appends on one connection, and resolves with what the script says of this one. Rejects as the sending does. */
export type AppendBatches = (append: Append) => Promise<number | string>

type Entry = Append & PromiseWithResolvers<number | string>

/** Least time between two batches. */
const GAP_MS = 2
/** A reply is not waited for any longer than this before the next batch is sent. */
const MAX_WAIT_MS = 20
/** A batch leaves at once when it holds so many sessions, or characters: Redis must not be kept busy by one for long. */
const MAX_APPENDS = 128
const MAX_CHARS = 262_144

/**
 * Gathers appends into one command. It clocks itself: one batch is under way at a time, and no more than one leaves in 2 ms, so
 * on a quiet system an append waits for its turn of the event loop alone, and the busier the machine the more of them share a
 * command. A command for each was most of what an append cost, on both sides; so is a message for each, which follows the reply.
 */
export function createAppendBatches(
  send: (appends: readonly Append[]) => Promise<readonly (number | string)[]>,
): AppendBatches {
  let entries: Entry[] = []
  let chars = 0
  let sentAt = 0
  let underWay = 0
  let timer: NodeJS.Timeout | undefined

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const batch = entries
    if (batch.length === 0) return
    entries = []
    chars = 0
    sentAt = performance.now()
    underWay += 1
    send(batch)
      .then(
        (results) => {
          for (const [index, { resolve }] of batch.entries()) resolve(results[index] ?? 'no reply')
        },
        (error: unknown) => {
          for (const { reject } of batch) reject(error)
        },
      )
      .finally(() => {
        underWay -= 1
        if (entries.length > 0) schedule()
      })
  }

  const schedule = (): void => {
    clearTimeout(timer)
    timer = undefined
    const restMs = sentAt + (underWay > 0 ? MAX_WAIT_MS : GAP_MS) - performance.now()
    if (restMs > 0) timer = setTimeout(flush, restMs)
    else setImmediate(flush)
  }

  return (append) => {
    const entry: Entry = { ...append, ...Promise.withResolvers<number | string>() }
    entries.push(entry)
    for (const text of append.idsAndValues) chars += text.length
    if (entries.length >= MAX_APPENDS || chars > MAX_CHARS) flush()
    else if (entries.length === 1) schedule()
    return entry.promise
  }
}
