import { encodeFrame, type Scope } from '@askwire/contracts'
import { isoTime } from '@askwire/runtime'
import { listUnfinishedRuns, type RunRow, runPosition } from '@askwire/store'
import { newRunOf, onlyRunOf, type Sink, type StreamDeps, type StreamOptions } from './stream-options.ts'

const FIRST_POSITION_MS = 2000
const MAX_POSITION_MS = 10_000

export type PendingRuns = {
  open(): Promise<void>
  refresh(): Promise<void>
  started(): void
  any(): boolean
  close(): void
}

/** What the session still has queued: tells the follower its position, at most one `queued` a second, and ends an idle stream. */
export function createPendingRuns(
  deps: StreamDeps,
  scope: Scope,
  sink: Sink,
  options: StreamOptions,
  isMidRun: () => boolean,
): PendingRuns {
  const { sessionId } = options
  let runs: RunRow[] = []
  let timer: NodeJS.Timeout | undefined
  let told = -1
  let delayMs = FIRST_POSITION_MS
  let open = false

  const tell = async (): Promise<void> => {
    const onlyRunId = onlyRunOf(options.start)
    const next = runs.find((run) => onlyRunId === undefined || run.id === onlyRunId)
    if (!next || next.status === 'running') return
    const position = await runPosition(deps.store, next)
    if (position !== told) {
      sink.write(
        encodeFrame('queued', {
          sessionId,
          runId: next.id,
          attempt: next.attempt,
          at: isoTime(deps.clock),
          position,
        }),
      )
    }
    told = position
    delayMs = Math.min(delayMs * 1.5, MAX_POSITION_MS)
    askLater()
  }

  const askLater = (): void => {
    timer = setTimeout(() => void refresh(), delayMs)
    timer.unref()
  }

  const refresh = async (): Promise<void> => {
    clearTimeout(timer)
    if (!open || sink.closed.aborted) return
    try {
      runs = await listUnfinishedRuns(deps.store, scope, sessionId)
      // A run that has just ended is told to its end first; that end then asks again.
      if (runs.length === 0 && options.untilIdle && !isMidRun()) sink.end()
      else await tell()
    } catch (error) {
      deps.logger.warn({ err: error, sessionId }, 'could not read what is queued')
    }
  }

  return {
    /** Until the replay is over nothing is told, and no replayed end closes the stream. */
    open: async () => {
      open = true
      const run = newRunOf(options.start)
      if (!run) return await refresh()
      // Its place was told with its acceptance. Most are heard of before it is asked for again.
      runs = [run]
      if (!isMidRun()) askLater()
    },
    refresh,
    started: () => {
      clearTimeout(timer)
      told = -1
      delayMs = FIRST_POSITION_MS
    },
    any: () => runs.length > 0,
    close: () => clearTimeout(timer),
  }
}
