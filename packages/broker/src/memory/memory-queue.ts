import type { QueueSpec } from '@askwire/contracts'
import type { ConsumeOptions, HandlerResult } from '../broker.ts'

/** A message in a queue of the twin. `deliveryCount` counts its earlier deliveries from this queue. */
export type StoredMessage = {
  readonly messageId: string
  readonly body: Buffer
  readonly headers: Readonly<Record<string, unknown>>
  deliveryCount: number
}

/** One consumer of a queue: what it holds, and what of it is to be aborted when it goes. */
export type QueueConsumer = {
  readonly options: Pick<ConsumeOptions, 'prefetch' | 'handler'>
  readonly held: Map<StoredMessage, AbortController>
  isOpen: boolean
  onIdle?: () => void
}

export type MemoryQueue = {
  readonly spec: QueueSpec
  /** False when the queue is full: the message was not taken. */
  push(message: Omit<StoredMessage, 'deliveryCount'>): boolean
  addConsumer(consumer: QueueConsumer): void
  /** No more messages for this consumer; what it holds stays its own until `takeBack`. */
  removeConsumer(consumer: QueueConsumer): void
  /** Returns what the consumer still holds to the queue, and aborts its handlers. */
  takeBack(consumer: QueueConsumer): void
  depth(): { messages: number; consumers: number }
}

/** Without a configured length a queue of the twin is still bounded: it lives in this process's memory. */
const DEFAULT_MAX_LENGTH = 100_000

/**
 * A durable queue, in memory: messages go in turn to the consumers that have room, in a later turn of the event loop as
 * they would from a broker. A message that comes back is next in line, and dead-lettered past the delivery limit.
 */
export function createMemoryQueue(options: {
  spec: QueueSpec
  onDeadLetter: (message: StoredMessage, reason: 'rejected' | 'delivery_limit', spec: QueueSpec) => void
  onHandlerError: (error: unknown, queue: string) => void
}): MemoryQueue {
  const { spec } = options
  const ready: StoredMessage[] = []
  const returned: StoredMessage[] = []
  const consumers: QueueConsumer[] = []
  const length = (): number => ready.length + returned.length
  let scheduled = false

  function schedule(): void {
    if (scheduled || length() === 0 || consumers.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      dispatch()
    })
  }

  function dispatch(): void {
    for (let idle = 0; idle < consumers.length && length() > 0; ) {
      const consumer = consumers.shift()
      if (!consumer) return
      consumers.push(consumer)
      if (consumer.held.size >= consumer.options.prefetch) {
        idle += 1
        continue
      }
      idle = 0
      const message = returned.shift() ?? ready.shift()
      if (message) void deliver(consumer, message)
    }
  }

  async function deliver(consumer: QueueConsumer, message: StoredMessage): Promise<void> {
    const controller = new AbortController()
    consumer.held.set(message, controller)
    const { messageId, body, headers, deliveryCount } = message
    const delivery = { messageId, body, headers, deliveryCount, redelivered: deliveryCount > 0 }
    let result: HandlerResult = 'requeue'
    try {
      result = await consumer.options.handler(delivery, { signal: controller.signal })
    } catch (error) {
      options.onHandlerError(error, spec.name)
    }
    // Taken back meanwhile: the result of this handler changes nothing.
    if (!consumer.held.delete(message)) return
    if (result === 'requeue') giveBack(message)
    else if (result === 'drop') options.onDeadLetter(message, 'rejected', spec)
    if (consumer.held.size === 0) consumer.onIdle?.()
    schedule()
  }

  function giveBack(message: StoredMessage): void {
    message.deliveryCount += 1
    if (message.deliveryCount > spec.deliveryLimit) options.onDeadLetter(message, 'delivery_limit', spec)
    else returned.push(message)
  }

  return {
    spec,
    push: (message) => {
      if (length() >= (spec.maxLength ?? DEFAULT_MAX_LENGTH)) return false
      ready.push({ ...message, deliveryCount: 0 })
      schedule()
      return true
    },
    addConsumer: (consumer) => {
      consumers.push(consumer)
      schedule()
    },
    removeConsumer: (consumer) => {
      const index = consumers.indexOf(consumer)
      if (index >= 0) consumers.splice(index, 1)
    },
    takeBack: (consumer) => {
      for (const [message, controller] of consumer.held) {
        giveBack(message)
        controller.abort(new Error('the consumer is closed'))
      }
      consumer.held.clear()
      schedule()
    },
    depth: () => ({ messages: length(), consumers: consumers.length }),
  }
}
