import type { Clock, Logger } from '@askwire/runtime'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { OnBrokerEvent } from '../broker-event.ts'
import { type SupervisedChannel, superviseChannel } from './channel.ts'
import type { SupervisedConnection } from './connection.ts'
import { ANSWER_QUEUE_BYTES } from './limits.ts'

const RESOURCE_LOCKED = 405

export type TransientQueueOptions = {
  queue: string
  exchange: { name: string; type: 'direct' | 'topic' }
  /** Binds the queue, before anything is consumed. */
  bind: (channel: Channel, queue: string, life: AbortSignal) => Promise<void>
  setupTimeoutMs?: () => number
  onMessage: (message: ConsumeMessage) => void
  /** The queue was made anew: what was sent meanwhile is lost. Called when the new one takes messages. */
  onGap?: () => void
  connection: SupervisedConnection
  logger: Logger
  clock: Clock
  onEvent: OnBrokerEvent
}

/**
 * A queue that belongs to this process: exclusive, deleted with it, never acknowledged. After a silent partition the
 * broker still holds the old queue for the connection that it believes alive, and locks its name; the new one then gets
 * a number behind it rather than wait for the broker's heartbeat.
 */
export function superviseTransientQueue(options: TransientQueueOptions): SupervisedChannel<Channel> {
  const { connection, logger, onEvent } = options
  const name = `${connection.name}.${options.queue}`
  let generation = 0
  let declaredBefore = false
  const supervised = superviseChannel<Channel>({
    ...options,
    name,
    open: (model) => model.createChannel(),
    setup: async (channel, life) => {
      await channel.assertExchange(options.exchange.name, options.exchange.type, { durable: true })
      const queue = generation === 0 ? options.queue : `${options.queue}.${generation}`
      try {
        await channel.assertQueue(queue, EXCLUSIVE)
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === RESOURCE_LOCKED) generation += 1
        throw error
      }
      const isAnew = declaredBefore
      declaredBefore = true
      await options.bind(channel, queue, life)
      await channel.consume(queue, take, { noAck: true, exclusive: true })
      if (isAnew) safely(() => options.onGap?.())
    },
  })

  function take(message: ConsumeMessage | null): void {
    if (message) {
      safely(() => options.onMessage(message))
    } else {
      onEvent({ kind: 'consumer_cancelled', channel: name })
      supervised.recycle(new Error('the broker cancelled the consumer'))
    }
  }

  /** What a listener throws would otherwise close the channel. */
  function safely(call: () => void): void {
    try {
      call()
    } catch (error) {
      logger.error({ err: error, queue: options.queue }, 'a listener of a transient queue threw')
    }
  }

  return supervised
}

const EXCLUSIVE = {
  exclusive: true,
  autoDelete: true,
  durable: false,
  arguments: { 'x-max-length-bytes': ANSWER_QUEUE_BYTES, 'x-overflow': 'drop-head' },
}
