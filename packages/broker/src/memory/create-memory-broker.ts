import { AppError, type Topology } from '@askwire/contracts'
import type { Logger } from '@askwire/runtime'
import type { AnswerQueue, Broker, Consumer } from '../broker.ts'
import { createMemoryHub, type MemoryHub } from './memory-hub.ts'
import type { QueueConsumer } from './memory-queue.ts'

/** A hub that is shared, whose brokers see each other's messages as clients of one RabbitMQ do; or what to make one of. */
export type MemoryBrokerOptions = { hub: MemoryHub } | { topology: Topology; logger: Logger }

/** The broker port without a broker: what gateway, worker and jobs of one process use. Nothing survives the process. */
export function createMemoryBroker(options: MemoryBrokerOptions): Broker {
  const hub = 'hub' in options ? options.hub : createMemoryHub(options)
  const parts = new Set<() => Promise<void>>()
  let isOpen = false

  function requireOpen(): void {
    if (!isOpen) throw new AppError('broker_unavailable', 'The broker is closed.')
  }

  function own(close: () => Promise<void>): () => Promise<void> {
    const once = async (): Promise<void> => {
      if (parts.delete(once)) await close()
    }
    parts.add(once)
    return once
  }

  return {
    start: async () => {
      isOpen = true
    },
    publish: async (message) => {
      requireOpen()
      hub.route(message)
    },
    sendAnswers: (sessionId, frames) => (isOpen ? hub.answers.send(sessionId, frames) : Promise.resolve()),
    sendControl: async (_routingKey, body) => {
      if (!isOpen) return
      for (const listener of hub.control) {
        setImmediate(() => {
          if (hub.control.has(listener)) listener(Buffer.from(body))
        })
      }
    },
    consume: async ({ queue: name, prefetch, handler }) => {
      requireOpen()
      const queue = hub.queue(name)
      const consumer: QueueConsumer = { options: { prefetch, handler }, held: new Map(), isOpen: true }
      queue.addConsumer(consumer)
      const close: Consumer['close'] = async ({ graceMs }) => {
        consumer.isOpen = false
        queue.removeConsumer(consumer)
        if (consumer.held.size > 0) await idle(consumer, graceMs)
        queue.takeBack(consumer)
      }
      const forget = own(() => close({ graceMs: 0 }))
      return {
        isConsuming: () => consumer.isOpen && isOpen,
        close: async (options) => {
          await close(options)
          await forget()
        },
      }
    },
    openAnswerQueue: async ({ onFrames, onGap }) => {
      requireOpen()
      const queue = hub.answers.open({ onFrames, onGap })
      const answers: AnswerQueue = {
        bind: async (sessionId) => queue.bind(sessionId),
        unbind: async (sessionId) => queue.unbind(sessionId),
        close: own(async () => queue.close()),
      }
      return answers
    },
    openControlQueue: async ({ onMessage }) => {
      requireOpen()
      const listener = (body: Buffer): void => {
        try {
          onMessage(body)
        } catch (error) {
          hub.logger.error({ err: error }, 'a listener of control messages threw')
        }
      }
      hub.control.add(listener)
      return { close: own(async () => void hub.control.delete(listener)) }
    },
    inspect: async (name) => {
      requireOpen()
      return hub.queue(name).depth()
    },
    state: () => ({ publishing: isOpen, consuming: isOpen, blocked: false }),
    ping: async () => requireOpen(),
    close: async () => {
      await Promise.all([...parts].map((close) => close()))
      isOpen = false
    },
  }
}

/** Waits until the consumer holds nothing, at most `graceMs`. */
function idle(consumer: QueueConsumer, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, graceMs)
    consumer.onIdle = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}
