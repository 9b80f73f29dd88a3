import type { Logger } from '@askwire/runtime'

/** Who follows which session in the twin: the answers exchange and its queues. */
export type FrameFanout = {
  open(options: { onFrames: (sessionId: string, frames: string) => void; onGap: () => void }): FrameQueue
  /** Resolves when the frames may be followed by more. */
  send(sessionId: string, frames: string): Promise<void>
}
export type FrameQueue = { bind(sessionId: string): void; unbind(sessionId: string): void; close(): void }

/** Characters one queue holds for the next turn; past it frames are dropped and the gateway told of the gap. */
const MAX_BUFFERED = 64 * 1024 * 1024
/** From this many on, senders wait for the turn in which they are delivered. */
const BACK_PRESSURE_AT = 256 * 1024

type Queue = {
  onFrames: (sessionId: string, frames: string) => void
  onGap: () => void
  waiting: { sessionId: string; frames: string }[]
  size: number
  overflowed: boolean
}

const SENT = Promise.resolve()

export function createFrameFanout(logger: Logger): FrameFanout {
  const bound = new Map<string, Set<Queue>>()
  const dirty = new Set<Queue>()
  let turn: { promise: Promise<void>; resolve: () => void } | undefined

  function deliver(): void {
    const present = turn
    turn = undefined
    const queues = [...dirty]
    dirty.clear()
    for (const queue of queues) {
      for (const { sessionId, frames } of queue.waiting.splice(0)) safely(() => queue.onFrames(sessionId, frames))
      queue.size = 0
      if (queue.overflowed) safely(queue.onGap)
      queue.overflowed = false
    }
    present?.resolve()
  }

  function safely(call: () => void): void {
    try {
      call()
    } catch (error) {
      logger.error({ err: error }, 'a listener of an answer queue threw')
    }
  }

  function unbind(queue: Queue, sessionId: string): void {
    const queues = bound.get(sessionId)
    if (queues?.delete(queue) && queues.size === 0) bound.delete(sessionId)
  }

  return {
    send: (sessionId, frames) => {
      let crowded = false
      for (const queue of bound.get(sessionId) ?? []) {
        if (queue.size + frames.length > MAX_BUFFERED) {
          queue.overflowed = true
        } else {
          queue.waiting.push({ sessionId, frames })
          queue.size += frames.length
        }
        dirty.add(queue)
        crowded ||= queue.size > BACK_PRESSURE_AT
        if (!turn) {
          turn = Promise.withResolvers<void>()
          setImmediate(deliver)
        }
      }
      return crowded && turn ? turn.promise : SENT
    },
    open: ({ onFrames, onGap }) => {
      const queue: Queue = { onFrames, onGap, waiting: [], size: 0, overflowed: false }
      const sessions = new Set<string>()
      return {
        bind: (sessionId) => {
          sessions.add(sessionId)
          bound.set(sessionId, (bound.get(sessionId) ?? new Set()).add(queue))
        },
        unbind: (sessionId) => {
          sessions.delete(sessionId)
          unbind(queue, sessionId)
        },
        close: () => {
          for (const sessionId of sessions) unbind(queue, sessionId)
          queue.waiting.length = 0
          queue.overflowed = false
        },
      }
    },
  }
}
