import { type EncodedEvent, frameRunId, type Scope, TERMINAL_EVENT } from '@askwire/contracts'
import { getRun, newestLoggedOrdinal } from '@askwire/store'
import { createFollower, type Follower } from './follower.ts'
import { holdStream } from './hold-stream.ts'
import { createPendingRuns, type PendingRuns } from './pending-runs.ts'
import { placeFrame, readSnapshot, snapshotFrame } from './snapshot.ts'
import { newRunOf, onlyRunOf, type Sink, type StreamDeps, type StreamOptions } from './stream-options.ts'
import { isAfterRun, placeOfUnfinished, startOf } from './stream-place.ts'

/** A run that runs but is not heard of for this long: the log is read (a lost last message is found within 5 s). */
const QUIET_MS = 3000
/** A session in which nothing is known to run is looked at this often: all of a short answer may be lost with the broker. */
const IDLE_MS = 4000
/**
 * Streams a session's events into `sink` until it closes, or ends as the options say. Resolves when the stream is over. Throws
 * `unauthenticated` when its holder may not follow it any more.
 */
export async function streamSession(deps: StreamDeps, scope: Scope, sink: Sink, options: StreamOptions): Promise<void> {
  const { sessionId } = options
  const pending = createPendingRuns(deps, scope, sink, options, () => follower.midRun)
  const from = await startOf(deps, scope, options)
  const listener = {
    onFrames: (frames: string) => (isNotice(frames) ? notice(frames) : follower.onFrames(frames)),
    onGap: () => follower.onGap(),
  }
  const notice = (frame: string): void => {
    const runId = frameRunId(frame)
    const onlyRunId = onlyRunOf(options.start)
    if (runId === undefined || (onlyRunId !== undefined && onlyRunId !== runId)) return
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
    deliver: (event) => deliver(event, sink, options, pending),
    onHole: async () => {
      // The place first: a run that ends in between is told to its end after the snapshot, where the other way round the
      // snapshot would show it running and its end would be skipped.
      const place = await placeOfUnfinished(deps, scope, sessionId)
      const snapshot = await readSnapshot(deps.store, scope, sessionId)
      sink.write(snapshotFrame(deps.clock, sessionId, snapshot))
      if (snapshot.activeRun === null && isAfterRun(place.id)) sink.write(placeFrame(place.id))
      return place
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
    const newest = await deps.newestOrdinal(sessionId)
    if (newest <= follower.ordinal && !follower.isBehind(newest)) return
    await follower.catchUp()
    await mendEnd()
    await pending.refresh()
  }

  const tick = (now: number): void => {
    const expecting = follower.midRun || pending.any() || !follower.live
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
  }
  await holdStream(deps, sink, {
    holder: options.holder,
    tick,
    open: async () => {
      await join()
      await follower.catchUp()
      // A run as new as this one has not been told to an end that the log has lost already.
      if (!newRunOf(options.start)) await mendEnd().catch(warn)
      await pending.open()
    },
    close: () => {
      deps.hub.leave(sessionId, listener)
      pending.close()
    },
  })
}

/** A run that ended while it waited is told at once, without an id; its numbered end follows in its turn. */
const isNotice = (frames: string): boolean => frames.startsWith(`event: ${TERMINAL_EVENT}\n`)

function deliver(event: EncodedEvent, sink: Sink, options: StreamOptions, pending: PendingRuns): void {
  const onlyRunId = onlyRunOf(options.start)
  const ours = onlyRunId === undefined || frameRunId(event.frame) === onlyRunId
  if (ours) {
    sink.write(event.frame)
    options.onEvent?.(event)
  }
  if (event.event === 'workflow_started') pending.started()
  if (event.event !== TERMINAL_EVENT) return
  if (onlyRunId !== undefined && ours) sink.end()
  else void pending.refresh()
}
