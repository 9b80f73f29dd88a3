import { compareNoticeIds, type KeptNotice, NO_NOTICE } from '@askwire/cache'
import { encodeFrame, notice } from '@askwire/contracts'
import { userKey } from '@askwire/runs'
import { isoTime } from '@askwire/runtime'
import type { Holder } from './followers.ts'
import { holdStream } from './hold-stream.ts'
import type { Sink, StreamDeps } from './stream-options.ts'

const PAGE = 200
/** The log is read this often though nothing was heard: news may be lost with the broker. */
const QUIET_MS = 12_000
/** Soon, while the log is away or the broker could not be joined. */
const RETRY_MS = 2_000

/**
 * Streams a person's notices into `sink` until it closes. What is heard over the broker only says that there is something: every notice is read from
 * the log, in its order, so none comes twice and none before an older one. `ready` is the place a new stream starts at, `reset` says that the log does
 * not reach back to `after`: the client loads its lists again. Throws `unauthenticated` when its holder may not follow any more.
 */
export async function streamNotices(
  deps: Pick<StreamDeps, 'hub' | 'followers' | 'notices' | 'clock' | 'logger'>,
  sink: Sink,
  options: { userId: string; holder: Holder; after: string | undefined },
): Promise<void> {
  const { userId, holder } = options
  const { log } = deps.notices
  const key = userKey(userId)
  let last = options.after === NO_NOTICE ? undefined : options.after
  let begun = false
  let joined = false
  let again = false
  let reading: Promise<void> | undefined
  let readAt = performance.now()
  let healthy = false

  /** Goes on at the newest notice, whatever is missing before it. */
  const restart = async (event: 'ready' | 'reset'): Promise<void> => {
    last = await log.lastId(userId)
    sink.write(encodeFrame(event, { at: isoTime(deps.clock) }, last))
    begun = true
  }

  const readAll = async (): Promise<void> => {
    if (last === undefined) return await restart(begun || options.after !== undefined ? 'reset' : 'ready')
    for (;;) {
      const { whole, notices } = await log.read(userId, last, PAGE)
      if (!whole) return await restart('reset')
      begun = true
      for (const kept of notices) {
        last = kept.id
        const frame = toFrame(kept)
        if (frame) sink.write(frame)
      }
      await sink.drained()
      if (notices.length < PAGE || sink.closed.aborted) return
    }
  }

  const readOnce = async (): Promise<void> => {
    do {
      again = false
      healthy = await readAll().then(
        () => true,
        (error: unknown) => {
          deps.logger.debug({ err: error }, 'notices could not be read')
          return false
        },
      )
      readAt = performance.now()
    } while (again && healthy && !sink.closed.aborted)
  }

  /** One reading at a time; what is heard meanwhile makes it read once more. */
  const catchUp = async (): Promise<void> => {
    if (reading) again = true
    reading ??= readOnce().finally(() => {
      reading = undefined
    })
    await reading
  }

  const listener = {
    onFrames: (id: string) => {
      if (last === undefined || reading || compareNoticeIds(id, last) > 0) void catchUp()
    },
    onGap: () => void catchUp(),
  }
  const join = async (): Promise<void> => {
    joined = await deps.hub.join(key, listener).then(
      () => true,
      () => false,
    )
  }

  await holdStream(deps, sink, {
    holder,
    open: async () => {
      await join()
      await catchUp()
    },
    tick: (now) => {
      if (now - readAt < (joined && healthy ? QUIET_MS : RETRY_MS)) return
      readAt = now
      void (joined ? catchUp() : join().then(catchUp))
    },
    close: () => deps.hub.leave(key, listener),
  })
}

/** The stored text is parsed again: only names of the list become an `event:` field. */
function toFrame({ id, text }: KeptNotice): string | undefined {
  const parsed = notice.safeParse(parseJson(text))
  if (!parsed.success) return undefined
  const { event, ...rest } = parsed.data
  return encodeFrame(event, rest, id)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
