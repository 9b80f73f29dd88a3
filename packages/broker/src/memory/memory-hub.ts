import { AppError, type QueueSpec, type Topology } from '@askwire/contracts'
import type { Logger } from '@askwire/runtime'
import type { OutgoingMessage } from '../broker.ts'
import { createFrameFanout, type FrameFanout } from './frame-fanout.ts'
import { createMemoryQueue, type MemoryQueue, type StoredMessage } from './memory-queue.ts'

/** What the in-process brokers of one process share: the queues, the followed sessions, the control listeners. */
export type MemoryHub = {
  /** Throws `broker_rejected` when no queue is bound or the queue is full. */
  route(message: OutgoingMessage): void
  /** Throws `broker_unavailable` for a queue that the topology does not have. */
  queue(name: string): MemoryQueue
  readonly answers: FrameFanout
  readonly control: Set<(body: Buffer) => void>
  readonly logger: Logger
}

/** Makes the hub; its messages live as long as it does. */
export function createMemoryHub({ topology, logger }: { topology: Topology; logger: Logger }): MemoryHub {
  const queues = new Map(
    topology.queues.map((spec) => [spec.name, createMemoryQueue({ spec, onDeadLetter, onHandlerError })]),
  )

  function onDeadLetter(message: StoredMessage, reason: string, { name, exchange, deadLetter }: QueueSpec): void {
    if (!deadLetter) return
    const target = queues.get(deadLetter.routingKey)
    const died = { 'x-first-death-queue': name, 'x-first-death-exchange': exchange, 'x-first-death-reason': reason }
    // A broker keeps what a full queue refuses and tries again; the twin says so and lets it go.
    const kept =
      target?.spec.exchange === deadLetter.exchange &&
      target.push({ messageId: message.messageId, body: message.body, headers: { ...died, ...message.headers } })
    if (!kept) logger.error({ queue: name, messageId: message.messageId }, 'a dead letter found no queue')
  }

  function onHandlerError(error: unknown, queue: string): void {
    logger.error({ err: error, queue }, 'a message handler threw')
  }

  return {
    logger,
    answers: createFrameFanout(logger),
    control: new Set(),
    queue: (name) => {
      const queue = queues.get(name)
      if (!queue) throw new AppError('broker_unavailable', 'There is no such queue.')
      return queue
    },
    route: ({ exchange, routingKey, messageId, body, headers }) => {
      const queue = queues.get(routingKey)
      if (queue?.spec.exchange !== exchange) {
        throw new AppError('broker_rejected', 'No queue is bound for this message.')
      }
      // Copies, as a wire makes them: what the publisher changes later does not reach the consumer.
      if (!queue.push({ messageId, body: Buffer.from(body), headers: { ...headers } })) {
        throw new AppError('broker_rejected', 'The queue is full.')
      }
    },
  }
}
