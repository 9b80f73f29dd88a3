import type { AnswerQueue, Broker } from '@askwire/broker'
import type { Logger } from '@askwire/runtime'

/** One listener on a session's live frames. `onGap` says that frames may have been missed. */
export type Listener = { onFrames(frames: string): void; onGap(): void }

export type SessionHub = {
  start(): Promise<void>
  /** Resolves when frames published from now on reach `listener`. Rejects with `broker_unavailable` when that is not known. */
  join(sessionId: string, listener: Listener): Promise<void>
  leave(sessionId: string, listener: Listener): void
  /** Sessions that have a listener. */
  size(): number
  close(): Promise<void>
}

type Room = { listeners: Set<Listener>; bound: Promise<void>; linger: NodeJS.Timeout | undefined }

/** A session stays bound this long after its last listener, so that a reload costs no unbind and bind. */
const LINGER_MS = 5000

/** Who follows which session on this gateway: binds the gateway's answer queue to a session while it has listeners. */
export function createSessionHub(options: {
  broker: Broker
  gatewayId: string
  logger: Logger
  lingerMs?: number
}): SessionHub {
  const rooms = new Map<string, Room>()
  let queue: AnswerQueue | undefined

  const bind = async (sessionId: string): Promise<void> => {
    if (!queue) throw new Error('the session hub has not started')
    await queue.bind(sessionId)
  }

  const drop = (sessionId: string, room: Room): void => {
    if (rooms.get(sessionId) !== room || room.listeners.size > 0) return
    rooms.delete(sessionId)
    queue?.unbind(sessionId).catch((error: unknown) => {
      options.logger.debug({ err: error, sessionId }, 'could not unbind a session')
    })
  }

  return {
    start: async () => {
      queue = await options.broker.openAnswerQueue({
        gatewayId: options.gatewayId,
        onFrames: (sessionId, frames) => {
          for (const listener of rooms.get(sessionId)?.listeners ?? []) listener.onFrames(frames)
        },
        onGap: () => {
          for (const room of rooms.values()) for (const listener of room.listeners) listener.onGap()
        },
      })
    },
    join: async (sessionId, listener) => {
      let room = rooms.get(sessionId)
      if (!room) {
        room = { listeners: new Set(), bound: bind(sessionId), linger: undefined }
        rooms.set(sessionId, room)
        const made = room
        // A bind that failed is tried again by the next one who joins.
        made.bound.catch(() => rooms.get(sessionId) === made && rooms.delete(sessionId))
      }
      clearTimeout(room.linger)
      room.listeners.add(listener)
      await room.bound
    },
    leave: (sessionId, listener) => {
      const room = rooms.get(sessionId)
      if (!room?.listeners.delete(listener) || room.listeners.size > 0) return
      clearTimeout(room.linger)
      room.linger = setTimeout(() => drop(sessionId, room), options.lingerMs ?? LINGER_MS)
      room.linger.unref()
    },
    size: () => rooms.size,
    close: async () => {
      for (const room of rooms.values()) clearTimeout(room.linger)
      rooms.clear()
      await queue?.close()
    },
  }
}
