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

/** Creates a follower in the replaying state; call `catchUp` once its listener is joined. */
export function createFollower(options: FollowerOptions): Follower {
  const maxAside = options.maxAsideBytes ?? MAX_ASIDE_BYTES
  let last = options.from?.id ?? ORIGIN
  let terminal = options.from?.terminal ?? true
  let unplaced = options.from === undefined
  let live = false
  let running: Promise<void> | undefined
  let aside: string[] = []
  let asideBytes = 0
  let missed = false
  let toldSinceSnapshot = false
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
    toldSinceSnapshot = true
    lastHeardAt = performance.now()
    options.deliver(event)
  }

  /** Reads the log to its end. False when it has a hole or is away. */
  const replay = async (): Promise<boolean> => {
    for (;;) {
      const events = await readPage(options.log, options.sessionId, last)
      if (!events) return false
      for (const event of events) if (take(event) === 'gap') return false
      await options.drained()
      if (events.length < PAGE) return true
    }
  }

  /**
   * Goes on at the place the snapshot names. Of what the log has from there only what comes after its last hole is told: what was lost
   * in between is in the state that the snapshot shows, or is told again whole by its worker.
   */
  const skipHole = async (): Promise<void> => {
    const at = await options.onHole()
    toldSinceSnapshot = false
    if (compareEventIds(at.id, last) > 0) {
      last = at.id
      terminal = at.terminal
    }
    const events = (await readPage(options.log, options.sessionId, last)) ?? []
    for (const event of afterLastHole(events)) {
      const id = parseEventId(event.id)
      if (id && compareEventIds(id, last) > 0) accept(event, id)
    }
  }

  const setAside = (frames: string): void => {
    if (asideBytes + frames.length > maxAside) {
      aside = []
      asideBytes = 0
      missed = true
      return
    }
    aside.push(frames)
    asideBytes += frames.length
  }

  /**
   * The synchronous cut-over. False when what was kept aside does not join up with the log; with `force` (the log is of no
   * more help) what there is is delivered in order.
   */
  const cutOver = (force: boolean): boolean => {
    const events = aside.flatMap((text) => decodeFrames(text) ?? [])
    const complete = !missed
    aside = []
    asideBytes = 0
    missed = false
    if (!complete && !force) return false
    for (const [at, event] of events.entries()) {
      if (take(event) !== 'gap') continue
      if (!force) {
        // Kept for the next try: while the log is away they are nowhere else.
        for (const kept of events.slice(at)) setAside(kept.frame)
        return false
      }
      accept(event, parseEventId(event.id) ?? last)
    }
    live = true
    return true
  }

  /**
   * What joined badly is in the log by now, because events are appended before they are sent: reading it once more closes
   * the gap. When that fails too, the log is away or has lost something.
   */
  const readToLive = async (): Promise<void> => {
    live = false
    const holed = unplaced || !(await replay())
    if (holed) await skipHole()
    unplaced = false
    if (cutOver(false)) return
    if ((await replay()) && cutOver(false)) return
    // The log has lost what stands between, since it was first read or before: the state says what it was.
    if (!holed || toldSinceSnapshot) await skipHole()
    cutOver(true)
  }

  const catchUp = (): Promise<void> => {
    running ??= readToLive().finally(() => {
      running = undefined
      lastHeardAt = performance.now()
    })
    return running
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
      if (!live) return setAside(frames)
      for (const event of decodeFrames(frames) ?? []) {
        if (take(event) !== 'gap') continue
        live = false
        setAside(frames)
        void catchUp()
        return
      }
    },
    onGap: () => void catchUp(),
  }
}

/** The events that follow one another without a gap up to the last one. */
function afterLastHole(events: readonly EncodedEvent[]): readonly EncodedEvent[] {
  let from = 0
  for (const [at, event] of events.entries()) {
    const before = events[at - 1]
    if (before && !follows(before, event)) from = at
  }
  return events.slice(from)
}

function follows(before: EncodedEvent, event: EncodedEvent): boolean {
  const [earlier, id] = [parseEventId(before.id) ?? ORIGIN, parseEventId(event.id) ?? ORIGIN]
  return isNextEventId(earlier, id) && (earlier.ordinal === id.ordinal || before.event === TERMINAL_EVENT)
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
