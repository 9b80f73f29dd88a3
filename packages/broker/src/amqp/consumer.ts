import type { Topology } from '@askwire/contracts'
import type { Clock, Logger } from '@askwire/runtime'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { ConsumeOptions, Consumer, Delivery, HandlerResult } from '../broker.ts'
import type { OnBrokerEvent } from '../broker-event.ts'
import { createInFlight } from '../in-flight.ts'
import { superviseChannel } from './channel.ts'
import type { SupervisedConnection } from './connection.ts'
import { declareTopology } from './declare-topology.ts'

/** A delivery on the channel it came by: only there may it be answered. */
type Held = { message: ConsumeMessage; channel: Channel; life: AbortSignal }

/** Consumes a durable queue for as long as it is open, over as many channels as that takes. */
export function createConsumer(
  options: ConsumeOptions & {
    connection: SupervisedConnection
    topology: Topology
    logger: Logger
    clock: Clock
    onEvent: OnBrokerEvent
  },
): Consumer & { ready(signal: AbortSignal): Promise<void> } {
  const { queue, prefetch, handler, logger, onEvent } = options
  const name = `${options.connection.name}.${queue}`
  const running = createInFlight()
  /** Handlers under way, by what aborts them. */
  const active = new Map<AbortController, Held>()
  /** Deliveries of a new channel wait here while handlers of a lost one still run: together they stay within `prefetch`. */
  let backlog: Held[] = []
  let closing = false
  let abandoned = false
  let stop: (() => Promise<unknown>) | undefined

  const supervised = superviseChannel<Channel>({
    ...options,
    name,
    open: (model) => model.createChannel(),
    setup: async (channel, life, { model }) => {
      // A queue that was deleted is made again, or there would be nothing to consume.
      await declareTopology(model, options.topology, options)
      await channel.prefetch(prefetch)
      life.addEventListener('abort', () => {
        backlog = backlog.filter((held) => held.life !== life)
        for (const [controller, held] of active) if (held.life === life) controller.abort(life.reason)
      })
      const { consumerTag } = await channel.consume(queue, (message) => {
        if (message) take({ message, channel, life })
        else cancelled()
      })
      stop = () => channel.cancel(consumerTag)
    },
  })

  function cancelled(): void {
    logger.warn({ queue }, 'the broker cancelled a consumer')
    onEvent({ kind: 'consumer_cancelled', channel: name })
    supervised.recycle(new Error('the broker cancelled the consumer'))
  }

  function take(held: Held): void {
    backlog.push(held)
    pump()
  }

  function pump(): void {
    while (!closing && running.count() < prefetch) {
      const held = backlog.shift()
      if (!held) return
      running.enter()
      void handle(held)
    }
  }

  async function handle(held: Held): Promise<void> {
    const controller = new AbortController()
    active.set(controller, held)
    let result: HandlerResult = 'requeue'
    try {
      result = await handler(toDelivery(held.message), { signal: controller.signal })
    } catch (error) {
      logger.error({ err: error, queue, messageId: held.message.properties.messageId }, 'a message handler threw')
    }
    active.delete(controller)
    if (!abandoned) answer(held, result)
    running.leave()
    pump()
  }

  function handBack(): void {
    for (const held of backlog.splice(0)) answer(held, 'requeue')
  }

  function answer({ message, channel, life }: Held, result: HandlerResult): void {
    if (life.aborted) return
    try {
      if (result === 'ack') channel.ack(message)
      else channel.nack(message, false, result === 'requeue')
    } catch (error) {
      // The channel closed in this very turn; the broker has taken the message back.
      logger.debug({ err: error, queue }, 'a delivery could not be answered')
    }
  }

  return {
    isConsuming: () => supervised.live() !== undefined && !closing,
    ready: async (signal) => {
      await supervised.wait(signal)
    },
    close: async ({ graceMs }) => {
      closing = true
      supervised.retire()
      // Not before the broker has stopped sending: it would deliver them here again, and count that.
      const stopped = stop?.().then(handBack)
      stopped?.catch(() => {})
      await running.idle(graceMs)
      abandoned = true
      for (const controller of active.keys()) controller.abort(new Error('the consumer is closed'))
      await supervised.close()
    },
  }
}

function toDelivery({ content, fields, properties }: ConsumeMessage): Delivery {
  const headers: Record<string, unknown> = properties.headers ?? {}
  const count = headers['x-delivery-count']
  return {
    messageId: typeof properties.messageId === 'string' ? properties.messageId : undefined,
    body: content,
    headers,
    redelivered: fields.redelivered,
    deliveryCount: typeof count === 'number' ? count : 0,
  }
}
