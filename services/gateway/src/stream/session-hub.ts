import type { AnswerQueue, Broker } from '@askwire/broker'
import type { Logger } from '@askwire/runtime'

/** One listener on what is sent under one key: a session's live frames, or the news of a person. `onGap` says that frames may have been missed. */
export type Listener = { onFrames(frames: string): void; onGap(): void }

export type SessionHub = {
  start(): Promise<void>
  /** Resolves when frames published from now on reach `listener`. Rejects with `broker_unavailable` when that is not known. */
  join(key: string, listener: Listener): Promise<void>
  leave(key: string, listener: Listener): void
  /** Keys that have a listener. */
  size(): number
  close(): Promise<void>
}

type Room = { listeners: Set<Listener>; bound: Promise<void>; linger: NodeJS.Timeout | undefined }

/** A key stays bound this long after its last listener, so that a reload costs no unbind and bind. */
const LINGER_MS = 5000

/** Who follows what on this gateway: binds the gateway's answer queue to a key, a session's id or a person's, while it has listeners. */
export function createSessionHub(options: {
  broker: Broker
  gatewayId: string
  logger: Logger
  lingerMs?: number
}): SessionHub {
  const rooms = new Map<string, Room>()
  let queue: AnswerQueue | undefined

  const bind = async (key: string): Promise<void> => {
    if (!queue) throw new Error('the session hub has not started')
    await queue.bind(key)
  }

  const drop = (key: string, room: Room): void => {
    if (rooms.get(key) !== room || room.listeners.size > 0) return
    rooms.delete(key)
    queue?.unbind(key).catch((error: unknown) => {
      options.logger.debug({ err: error, key }, 'could not unbind a key')
    })
  }

  return {
    start: async () => {
      queue = await options.broker.openAnswerQueue({
        gatewayId: options.gatewayId,
        onFrames: (key, frames) => {
          for (const listener of rooms.get(key)?.listeners ?? []) listener.onFrames(frames)
        },
        onGap: () => {
          for (const room of rooms.values()) for (const listener of room.listeners) listener.onGap()
        },
      })
    },
    join: async (key, listener) => {
      let room = rooms.get(key)
      if (!room) {
        room = { listeners: new Set(), bound: bind(key), linger: undefined }
        rooms.set(key, room)
        const made = room
        // A bind that failed is tried again by the next one who joins.
        made.bound.catch(() => rooms.get(key) === made && rooms.delete(key))
      }
      clearTimeout(room.linger)
      room.listeners.add(listener)
      await room.bound
    },
    leave: (key, listener) => {
      const room = rooms.get(key)
      if (!room?.listeners.delete(listener) || room.listeners.size > 0) return
      clearTimeout(room.linger)
      room.linger = setTimeout(() => drop(key, room), options.lingerMs ?? LINGER_MS)
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
