import type { EventLog } from '@askwire/cache'
import {
  AppError,
  compareEventIds,
  decodeFrames,
  type EncodedEvent,
  type EventId,
  formatEventId,
  isNextEventId,
  ORIGIN,
  parseEventId,
  TERMINAL_EVENT,
} from '@askwire/contracts'
import { afterLastHole } from './after-last-hole.ts'
import { createFramesAside } from './frames-aside.ts'
import type { Listener } from './session-hub.ts'

/**
 * One follower of a session: backfill from the log, cut over, live.
 *
 *     replaying ──► live ──┐ gap, or quiet for too long
 *         ▲────────────────┘
 *
 * While it replays, live frames are kept aside (bounded; past the bound they are thrown away and the log is read again).
 * The cut-over is one synchronous step, so nothing falls between. Everything is de-duplicated and ordered by event id; a
 * hole in the log itself cannot be filled, and becomes a snapshot.
 */
export type Follower = Listener & {
  /** Reads what the log has beyond the last event delivered. Also called when the session is quiet for too long. */
  catchUp(): Promise<void>
  /**
   * For when it is known that a run of this ordinal has been told to its end: reads the log once more, and goes on from a
   * snapshot when the log does not have that end any more. Says whether it had to.
   */
  reach(ordinal: number): Promise<boolean>
  /** True when the end of the run with this ordinal has not been delivered. */
  isBehind(ordinal: number): boolean
  /** False while it replays, and after a catch-up that failed: what comes is kept aside until the next one. */
  readonly live: boolean
  /** True while the last event delivered is not the end of a run. */
  readonly midRun: boolean
  /** Of the run the last event delivered belongs to. */
  readonly ordinal: number
  readonly lastHeardAt: number
}

/** Events after `id` come next. `terminal`: the event at that place ended its run, so the next run may follow. */
export type Place = { id: EventId; terminal: boolean }

export type FollowerOptions = {
  log: EventLog
  sessionId: string
  /** Where to go on; `undefined`: the log does not reach back to what the follower has, so it starts with a snapshot. */
  from: Place | undefined
  deliver(event: EncodedEvent): void
  /** Waits until the follower's socket can take more. */
  drained(): Promise<void>
  /** The log has a hole before `resumeAt`, or is away: tell the follower the state as Postgres has it. */
  onHole(): Promise<Place>
  maxAsideBytes?: number
}

const PAGE = 500
const MAX_ASIDE_BYTES = 1_048_576
/** Snapshots for one catch-up; when even the last is followed by a hole, the next tick tries again. */
const MAX_SNAPSHOTS = 3

/** Creates a follower in the replaying state; call `catchUp` once its listener is joined. */
export function createFollower(options: FollowerOptions): Follower {
  const aside = createFramesAside(options.maxAsideBytes ?? MAX_ASIDE_BYTES)
  let last = options.from?.id ?? ORIGIN
  let terminal = options.from?.terminal ?? true
  let unplaced = options.from === undefined
  let live = false
  let running: Promise<void> | undefined
  /** A snapshot is the last thing that was told: only then may ids jump. */
  let atSnapshot = false
  let lastHeardAt = performance.now()

  /** Delivers the event if it is the next one; says whether it was `next`, `old`, or there is a `gap` before it. */
  const take = (event: EncodedEvent): 'next' | 'old' | 'gap' => {
    const id = parseEventId(event.id) ?? ORIGIN
    if (compareEventIds(id, last) <= 0) return 'old'
    const runComplete = id.ordinal === last.ordinal || terminal
    if (!isNextEventId(last, id) || !runComplete) return 'gap'
    accept(event, id)
    return 'next'
  }

  const accept = (event: EncodedEvent, id: EventId): void => {
    last = id
    terminal = event.event === TERMINAL_EVENT
    atSnapshot = false
    lastHeardAt = performance.now()
    options.deliver(event)
  }

  /** Reads the log to its end. False when it has a hole or is away. */
  const replay = async (): Promise<boolean> => {
    for (;;) {
      const events = await readPage(options.log, options.sessionId, last)
      if (!events) return false
      for (const event of events) {
        if (take(event) === 'gap') return false
        // A page of long events is more than a socket holds, and a reader is not slow for not having had the time.
        await options.drained()
      }
      if (events.length < PAGE) return true
    }
  }

  /**
   * Goes on at the place the snapshot names. Of what the log has from there only what comes after its last hole is told: what was lost
   * in between is in the state that the snapshot shows, or is told again whole by its worker.
   */
  const skipHole = async (): Promise<void> => {
    const at = await options.onHole()
    atSnapshot = true
    if (compareEventIds(at.id, last) > 0) {
      last = at.id
      terminal = at.terminal
    }
    const events = (await readPage(options.log, options.sessionId, last)) ?? []
    for (const event of afterLastHole(events)) {
      const id = parseEventId(event.id)
      if (!id || compareEventIds(id, last) <= 0) continue
      accept(event, id)
      await options.drained()
    }
  }

  /** The synchronous cut-over. False when what was kept aside does not join up with what was told; what does not is still kept. */
  const cutOver = (): boolean => {
    const { events, complete } = aside.take()
    if (!complete) return false
    for (const [at, event] of events.entries()) {
      if (take(event) !== 'gap') continue
      // Kept for the next try: while the log is away they are nowhere else.
      for (const kept of events.slice(at)) aside.add(kept.frame)
      return false
    }
    live = true
    return true
  }

  /** The cut-over through a hole that neither log nor live events fill, right behind a snapshot: goes on after the last hole. */
  const jump = (): boolean => {
    if (!atSnapshot) return false
    const fresh = aside.take().events.filter(({ id }) => compareEventIds(parseEventId(id) ?? ORIGIN, last) > 0)
    for (const event of afterLastHole(fresh)) accept(event, parseEventId(event.id) ?? last)
    live = true
    return true
  }

  /**
   * What joined badly is in the log by now, because events are appended before they are sent: reading it once more closes
   * the gap. When that fails too, the log is away or has lost something, and the state says what it was.
   */
  const readToLive = async (): Promise<void> => {
    live = false
    if (unplaced || !(await replay())) await skipHole()
    unplaced = false
    if (cutOver()) return
    if ((await replay()) && cutOver()) return
    for (let tries = 0; tries < MAX_SNAPSHOTS && !cutOver() && !jump(); tries += 1) await skipHole()
  }

  const catchUp = (): Promise<void> => {
    running ??= readToLive().finally(() => {
      running = undefined
      lastHeardAt = performance.now()
    })
    return running
  }

  /** Also when a reading is just ending, which did not see what is asked for. One that fails is tried again by who ticks. */
  const catchUpSoon = (): void => {
    const before = running ?? Promise.resolve()
    before
      .then(async () => {
        if (!live) await catchUp()
      })
      .catch(() => undefined)
  }

  /** At the place before a run (its attempt is 0) nothing of it has been delivered. */
  const isBehind = (ordinal: number): boolean =>
    last.ordinal < ordinal || (ordinal > 0 && last.ordinal === ordinal && (!terminal || last.attempt === 0))

  const reach = async (ordinal: number): Promise<boolean> => {
    // A reading under way may have begun before the end was written: the second one has not.
    for (let reading = 0; reading < 2 && isBehind(ordinal); reading += 1) await catchUp()
    if (!isBehind(ordinal)) return false
    unplaced = true
    await catchUp()
    return true
  }

  return {
    catchUp,
    reach,
    isBehind,
    get live() {
      return live
    },
    get midRun() {
      return !terminal
    },
    get ordinal() {
      return last.ordinal
    },
    get lastHeardAt() {
      return lastHeardAt
    },
    onFrames: (frames) => {
      if (!live) return aside.add(frames)
      for (const event of decodeFrames(frames) ?? []) {
        if (take(event) !== 'gap') continue
        live = false
        aside.add(frames)
        catchUpSoon()
        return
      }
    },
    onGap: () => {
      live = false
      catchUpSoon()
    },
  }
}

/** A page of the log after `id`, or `undefined` when the log is away. */
async function readPage(log: EventLog, sessionId: string, id: EventId): Promise<EncodedEvent[] | undefined> {
  try {
    return await log.read(sessionId, { after: formatEventId(id), limit: PAGE })
  } catch (error) {
    if (error instanceof AppError && error.code === 'cache_unavailable') return undefined
    throw error
  }
}
