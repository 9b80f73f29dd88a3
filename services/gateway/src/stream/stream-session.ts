import {
  type EncodedEvent,
  type EventId,
  encodeFrame,
  formatEventId,
  frameRunId,
  ORIGIN,
  parseEventId,
  type Scope,
  TERMINAL_EVENT,
} from '@askwire/contracts'
import { getRun, listUnfinishedRuns, newestLoggedOrdinal, type RunRow, runPosition } from '@askwire/store'
import type { GatewayDeps } from '../deps.ts'
import { createFollower, type Follower, type Place } from './follower.ts'
import type { Followers } from './followers.ts'
import type { OrdinalReader } from './ordinal-reader.ts'
import type { SessionHub } from './session-hub.ts'
import { readSnapshot, snapshotFrame } from './snapshot.ts'

/** Where a stream starts: after an id the client has, at the replay of the unfinished run (or what is next), or at one run's first event. */
export type StreamStart = { kind: 'after'; id: EventId } | { kind: 'live' } | { kind: 'run'; runId: string }

/** Where frames go: an SSE response, or the collector of a blocking request. */
export type Sink = {
  write(text: string): boolean
  drained(): Promise<void>
  closeIfStuck(now: number): void
  end(): void
  readonly closed: AbortSignal
}

export type StreamDeps = GatewayDeps & { hub: SessionHub; followers: Followers; newestOrdinal: OrdinalReader }

export type StreamOptions = {
  sessionId: string
  /** With `run`, only that run's events are delivered, and the stream ends with its terminal event. */
  start: StreamStart
  /** End after the terminal event when nothing more is queued. */
  untilIdle: boolean
  /** Sees each event that is delivered. */
  onEvent?: (event: EncodedEvent) => void
}

/** A run that runs but is not heard of for this long: the log is read (a lost last message is found within 5 s). */
const QUIET_MS = 3000
/** Mean wait before those sent away come back, each at its own time, so that the other replicas are not stormed. */
const DRAIN_RETRY_MS = 1000
/** A session in which nothing is known to run is looked at this often: all of a short answer may be lost with the broker. */
const IDLE_MS = 4000
const FIRST_POSITION_MS = 2000
const MAX_POSITION_MS = 10_000

/** Streams a session's events into `sink` until it closes, or ends as the options say. Resolves when the stream is over. */
export async function streamSession(deps: StreamDeps, scope: Scope, sink: Sink, options: StreamOptions): Promise<void> {
  const { sessionId } = options
  const pending = createPendingRuns(deps, scope, sink, options, () => follower.midRun)
  const from = await startOf(deps, scope, options)
  /** Runs whose end this follower was told before it entered the log. */
  const told = new Set<string>()
  const listener = {
    onFrames: (frames: string) => (isNotice(frames) ? notice(frames) : follower.onFrames(frames)),
    onGap: () => follower.onGap(),
  }
  const notice = (frame: string): void => {
    const runId = frameRunId(frame)
    const onlyRunId = onlyRunOf(options.start)
    if (runId === undefined || (onlyRunId !== undefined && onlyRunId !== runId)) return
    told.add(runId)
    sink.write(frame)
    if (onlyRunId === undefined) void pending.refresh()
    else sink.end()
  }
  let joined = false
  const join = async (): Promise<void> => {
    joined = await deps.hub.join(sessionId, listener).then(
      () => true,
      () => false,
    )
  }

  const follower: Follower = createFollower({
    log: deps.log,
    sessionId,
    from,
    drained: () => sink.drained(),
    deliver: (event) => deliver(event, sink, options, pending, told),
    onHole: async () => {
      const snapshot = await readSnapshot(deps.store, scope, sessionId)
      sink.write(snapshotFrame(sessionId, snapshot))
      return await placeOfUnfinished(deps, scope, sessionId)
    },
  })

  /** What a log that was emptied, or away when a run ended, no longer tells: the row knows that there was an end. */
  const mendEnd = async (): Promise<void> => {
    if (!(await follower.reach(await newestLoggedOrdinal(deps.store, scope, sessionId)))) return
    const onlyRunId = onlyRunOf(options.start)
    if (onlyRunId !== undefined && (await getRun(deps.store, scope, onlyRunId)).loggedAt !== null) sink.end()
    await pending.refresh()
  }
  const warn = (error: unknown): void => deps.logger.warn({ err: error, sessionId }, 'could not catch up')

  let lookedAt = performance.now()
  const lookForNews = async (): Promise<void> => {
    if ((await deps.newestOrdinal(sessionId)) <= follower.ordinal) return
    await follower.catchUp()
    await mendEnd()
    await pending.refresh()
  }

  const ticking = {
    write: (text: string) => sink.write(text),
    drain: () => {
      sink.write(`retry: ${Math.round(DRAIN_RETRY_MS * (0.5 + Math.random()))}\n\n`)
      sink.end()
    },
    tick: (now: number) => {
      sink.closeIfStuck(now)
      const expecting = follower.midRun || pending.any()
      if (!expecting && now - Math.max(lookedAt, follower.lastHeardAt) > IDLE_MS) {
        lookedAt = now
        lookForNews().catch(warn)
      }
      if (joined && !(expecting && now - follower.lastHeardAt > QUIET_MS)) return
      if (!joined) void join()
      follower
        .catchUp()
        .then(() => (expecting ? mendEnd() : undefined))
        .catch(warn)
    },
  }
  if (!deps.followers.add(ticking)) {
    sink.end()
    return
  }
  try {
    await join()
    await follower.catchUp()
    await mendEnd().catch(warn)
    await pending.open()
    if (!sink.closed.aborted)
      await new Promise<void>((resolve) => sink.closed.addEventListener('abort', () => resolve(), { once: true }))
  } finally {
    deps.followers.remove(ticking)
    deps.hub.leave(sessionId, listener)
    pending.close()
  }
}

const onlyRunOf = (start: StreamStart): string | undefined => (start.kind === 'run' ? start.runId : undefined)

/** A run that ended while it waited is told at once, without an id; its numbered end follows in its turn. */
const isNotice = (frames: string): boolean => frames.startsWith(`event: ${TERMINAL_EVENT}\n`)

function deliver(
  event: EncodedEvent,
  sink: Sink,
  options: StreamOptions,
  pending: PendingRuns,
  told: Set<string>,
): void {
  const onlyRunId = onlyRunOf(options.start)
  const ours = onlyRunId === undefined || frameRunId(event.frame) === onlyRunId
  // An end is told once: who has had the notice needs no more.
  if (event.event === TERMINAL_EVENT && told.delete(frameRunId(event.frame) ?? '')) return void pending.refresh()
  if (ours) {
    sink.write(event.frame)
    options.onEvent?.(event)
  }
  if (event.event === 'workflow_started') pending.started()
  if (event.event !== TERMINAL_EVENT) return
  if (onlyRunId !== undefined && ours) sink.end()
  else void pending.refresh()
}

/** The place a stream goes on from; `undefined` when the log does not reach back to it. */
async function startOf(
  deps: StreamDeps,
  scope: Scope,
  { sessionId, start }: StreamOptions,
): Promise<Place | undefined> {
  switch (start.kind) {
    case 'after':
      return await placeOf(deps, sessionId, start.id)
    case 'live':
      return await placeOfUnfinished(deps, scope, sessionId)
    case 'run': {
      // In this order: a run without an ordinal after the log was read has all its events after what was read.
      const place = await placeOfUnfinished(deps, scope, sessionId)
      const { ordinal } = await getRun(deps.store, scope, start.runId)
      return ordinal === null ? place : beforeRun(ordinal)
    }
    default:
      return start satisfies never
  }
}

/** The event with this id in the log, as a place to go on from; `undefined` when it is not kept. */
export async function placeOf(
  deps: Pick<StreamDeps, 'log'>,
  sessionId: string,
  id: EventId,
): Promise<Place | undefined> {
  if (id.ordinal === 0) return { id: ORIGIN, terminal: true }
  if (id.index === 0) return undefined
  const before = formatEventId({ ...id, index: id.index - 1 })
  const [event] = await deps.log.read(sessionId, { after: before, limit: 1 }).catch(() => [])
  return event?.id === formatEventId(id) ? { id, terminal: event.event === TERMINAL_EVENT } : undefined
}

/** Above every event of the run, whatever the log has of them; the next run follows. */
const afterRun = (ordinal: number): Place =>
  ordinal === 0 ? { id: ORIGIN, terminal: true } : { id: { ordinal, attempt: 999_999, index: 0 }, terminal: true }

const beforeRun = (ordinal: number): Place => ({ id: { ordinal, attempt: 0, index: 0 }, terminal: true })

/** Before the first event of the unfinished run, so that it is replayed whole; after the newest run when there is none. */
async function placeOfUnfinished(deps: StreamDeps, scope: Scope, sessionId: string): Promise<Place> {
  const active = (await listUnfinishedRuns(deps.store, scope, sessionId)).find((run) => run.ordinal !== null)
  if (active?.ordinal) return beforeRun(active.ordinal)
  const logged = afterRun(await newestLoggedOrdinal(deps.store, scope, sessionId))
  const newest = parseEventId((await deps.log.lastId(sessionId).catch(() => undefined)) ?? '')
  // A run in the log that is not marked as told has just ended: it is replayed like an unfinished one.
  return newest && newest.ordinal > logged.id.ordinal ? beforeRun(newest.ordinal) : logged
}

type PendingRuns = { open(): Promise<void>; refresh(): Promise<void>; started(): void; any(): boolean; close(): void }

/** What the session still has queued: tells the follower its position, at most one `queued` a second, and ends an idle stream. */
function createPendingRuns(
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
          at: new Date().toISOString(),
          position,
        }),
      )
    }
    told = position
    delayMs = Math.min(delayMs * 1.5, MAX_POSITION_MS)
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
      await refresh()
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
