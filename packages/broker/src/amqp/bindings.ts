import type { Channel } from 'amqplib'

/** The sessions bound to one queue, over all the channels it lives through. */
export type Bindings = {
  /** True when the session is bound, false when that took longer than `timeoutMs`: then it is no longer wanted either. */
  add(sessionId: string, timeoutMs: number): Promise<boolean>
  /** Resolves when the session is no longer bound, or after `timeoutMs`; it will be unbound in any case. */
  remove(sessionId: string, timeoutMs: number): Promise<void>
  /** True while the session is wanted. */
  has(sessionId: string): boolean
  size(): number
  /** Binds all that is wanted on a new queue, and from now on every change, until `life` ends. */
  attach(channel: Channel, queue: string, life: AbortSignal): Promise<void>
}

type Target = {
  channel: Channel
  queue: string
  bound: Map<string, 'bound' | 'unbinding'>
  dirty: Set<string>
  settling: boolean
}

/**
 * `wanted` is what the caller asked for, `bound` what holds on the present queue. One loop per queue brings the second
 * to the first, on the way up and at every later change, so that a bind, an unbind and a reconnect never race.
 */
export function createBindings(exchange: string): Bindings {
  /** With the number of the last `add`, so that one that gives up does not undo a later one. */
  const wanted = new Map<string, number>()
  const waiting = new Map<string, Set<() => void>>()
  let target: Target | undefined
  let adds = 0

  async function settle(mine: Target): Promise<void> {
    mine.settling = true
    try {
      for (const sessionId of mine.dirty) {
        mine.dirty.delete(sessionId)
        if (wanted.has(sessionId) && !mine.bound.has(sessionId)) {
          await mine.channel.bindQueue(mine.queue, exchange, sessionId)
          mine.bound.set(sessionId, 'bound')
        } else if (!wanted.has(sessionId) && mine.bound.has(sessionId)) {
          mine.bound.set(sessionId, 'unbinding')
          await mine.channel.unbindQueue(mine.queue, exchange, sessionId)
          mine.bound.delete(sessionId)
        }
        for (const wake of waiting.get(sessionId) ?? []) wake()
      }
    } finally {
      mine.settling = false
    }
  }

  function change(sessionId: string): void {
    if (!target) return
    target.dirty.add(sessionId)
    // A failing request means that the channel is dying: the next one starts from all that is wanted.
    if (!target.settling) settle(target).catch(() => {})
  }

  async function until(sessionId: string, timeoutMs: number, holds: () => boolean): Promise<boolean> {
    const deadline = performance.now() + timeoutMs
    for (let left = timeoutMs; !holds(); left = deadline - performance.now()) {
      if (left <= 0) return false
      await woken(sessionId, left)
    }
    return true
  }

  function woken(sessionId: string, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wakers = waiting.get(sessionId) ?? new Set()
      const wake = (): void => {
        clearTimeout(timer)
        wakers.delete(wake)
        if (wakers.size === 0) waiting.delete(sessionId)
        resolve()
      }
      const timer = setTimeout(wake, timeoutMs)
      waiting.set(sessionId, wakers.add(wake))
    })
  }

  return {
    add: async (sessionId, timeoutMs) => {
      adds += 1
      const number = adds
      wanted.set(sessionId, number)
      change(sessionId)
      if (await until(sessionId, timeoutMs, () => target?.bound.get(sessionId) === 'bound')) return true
      if (wanted.get(sessionId) === number) {
        wanted.delete(sessionId)
        change(sessionId)
      }
      return false
    },
    remove: async (sessionId, timeoutMs) => {
      wanted.delete(sessionId)
      const mine = target
      change(sessionId)
      // With a lost queue its bindings are gone; a later `add` wants this one after all.
      const isDone = (): boolean => !mine?.bound.has(sessionId) || target !== mine || wanted.has(sessionId)
      await until(sessionId, timeoutMs, isDone)
    },
    has: (sessionId) => wanted.has(sessionId),
    size: () => wanted.size,
    attach: async (channel, queue, life) => {
      const mine: Target = { channel, queue, bound: new Map(), dirty: new Set(wanted.keys()), settling: false }
      target = mine
      life.addEventListener('abort', () => {
        if (target === mine) target = undefined
        for (const wakers of [...waiting.values()]) for (const wake of [...wakers]) wake()
      })
      await settle(mine)
      life.throwIfAborted()
    },
  }
}
