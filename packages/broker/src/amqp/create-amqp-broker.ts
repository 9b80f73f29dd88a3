import { AppError, controlQueue, EXCHANGES, type Topology } from '@askwire/contracts'
import { type BackoffOptions, type Clock, type Logger, systemClock, TimeoutError, withTimeout } from '@askwire/runtime'
import type { Channel } from 'amqplib'
import type { Broker } from '../broker.ts'
import type { BrokerEvent, OnBrokerEvent } from '../broker-event.ts'
import { withHeartbeat } from './amqp-url.ts'
import { createAnswerQueue } from './answer-queue.ts'
import { createAnswerSender } from './answer-sender.ts'
import { superviseConnection } from './connection.ts'
import { createConsumer } from './consumer.ts'
import { CONNECTION_BACKOFF } from './limits.ts'
import { createPublisher } from './publisher.ts'
import { superviseTransientQueue } from './transient-queue.ts'
import { createTransientSender } from './transient-sender.ts'

export type AmqpBrokerOptions = {
  /** `amqp://user:password@host:port/vhost`, or `amqps:`. Never logged. */
  url: string
  /** What the management page shows; the three connections add `.publish`, `.answers` and `.consume`. */
  connectionName: string
  logger: Logger
  topology: Topology
  publishTimeoutMs?: number
  /** A silent partition is noticed after two to three of these. */
  heartbeatSeconds?: number
  maxUnconfirmed?: number
  connectTimeoutMs?: number
  /** How long `start`, `consume` and the `open…` calls wait for the broker before they leave it to the background. */
  startTimeoutMs?: number
  bindTimeoutMs?: number
  requestTimeoutMs?: number
  backoff?: BackoffOptions
  onEvent?: OnBrokerEvent
  clock?: Clock
}

const DEFAULTS = {
  publishTimeoutMs: 5000,
  heartbeatSeconds: 5,
  maxUnconfirmed: 2000,
  connectTimeoutMs: 10_000,
  startTimeoutMs: 5000,
  bindTimeoutMs: 5000,
  requestTimeoutMs: 5000,
  backoff: CONNECTION_BACKOFF,
  clock: systemClock,
}

/**
 * The broker port on RabbitMQ. Confirmed publishes, answers and consuming have a connection each: the broker stops
 * reading a publisher's socket under an alarm, which must not stall consumers, and slows one that floods a queue, which
 * must not delay confirms.
 */
export function createAmqpBroker(options: AmqpBrokerOptions): Broker {
  const settings = {
    ...DEFAULTS,
    ...options,
    url: withHeartbeat(options.url, options.heartbeatSeconds ?? DEFAULTS.heartbeatSeconds),
    onEvent: (event: BrokerEvent) => {
      try {
        options.onEvent?.(event)
      } catch (error) {
        options.logger.error({ err: error, event: event.kind }, 'a listener of broker events threw')
      }
    },
  }
  const connections = (['publish', 'answers', 'consume'] as const).map((role) =>
    superviseConnection({ ...settings, name: `${options.connectionName}.${role}` }),
  )
  const [publishing, answering, consuming] = connections as [Link, Link, Link]
  const publisher = createPublisher({ ...settings, connection: publishing })
  const sender = createTransientSender({ ...settings, connection: answering })
  const answerSender = createAnswerSender(sender)
  const parts = new Set<() => Promise<void>>()

  /** Waits a while for something to be up; what is not by then goes on in the background. */
  async function settle(ready: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    await withTimeout('waiting for the broker', settings.startTimeoutMs, ready).catch((error: unknown) => {
      if (!(error instanceof TimeoutError)) throw error
      settings.logger.warn('the broker is not there yet; going on without it')
    })
  }

  /** A request on a channel of its own, since the broker answers a wrong one by closing the channel. */
  async function request<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    const model = consuming.live()?.model
    if (!model) throw new AppError('broker_unavailable', 'The broker is away.')
    try {
      return await withTimeout('asking the broker', settings.requestTimeoutMs, async () => {
        const channel = await model.createChannel()
        channel.on('error', () => {})
        const answer = await work(channel)
        await channel.close()
        return answer
      })
    } catch (error) {
      throw new AppError('broker_unavailable', 'The broker did not answer.', { cause: error })
    }
  }

  /** What `close` has to close unless it was closed before. */
  function own(close: () => Promise<void>): () => Promise<void> {
    const once = async (): Promise<void> => {
      if (parts.delete(once)) await close()
    }
    parts.add(once)
    return once
  }

  return {
    start: async () => {
      for (const connection of connections) connection.start()
      await settle((signal) => Promise.all([publisher.ready(signal), sender.ready(signal), consuming.wait(signal)]))
    },
    publish: publisher.publish,
    sendAnswers: answerSender.send,
    sendControl: (routingKey, body) => sender.send(EXCHANGES.control, routingKey, body),
    consume: async (consume) => {
      const consumer = createConsumer({ ...settings, ...consume, connection: consuming })
      await settle(consumer.ready)
      const forget = own(() => consumer.close({ graceMs: 0 }))
      return {
        isConsuming: consumer.isConsuming,
        close: async (options) => {
          await consumer.close(options)
          await forget()
        },
      }
    },
    openAnswerQueue: async (queue) => {
      const answers = createAnswerQueue({ ...settings, ...queue, connection: consuming })
      await settle(answers.ready)
      return { bind: answers.bind, unbind: answers.unbind, close: own(answers.close) }
    },
    openControlQueue: async ({ workerId, onMessage }) => {
      const control = superviseTransientQueue({
        ...settings,
        queue: controlQueue(workerId),
        exchange: { name: EXCHANGES.control, type: 'topic' },
        bind: async (channel, queue) => {
          await channel.bindQueue(queue, EXCHANGES.control, '#')
        },
        onMessage: ({ content }) => onMessage(content),
        connection: consuming,
      })
      await settle(control.wait)
      return { close: own(control.close) }
    },
    inspect: async (queue) => {
      const { messageCount, consumerCount } = await request((channel) => channel.checkQueue(queue))
      return { messages: messageCount, consumers: consumerCount }
    },
    state: () => ({
      publishing: publisher.isLive() && !publishing.isBlocked(),
      consuming: consuming.live() !== undefined,
      blocked: publishing.isBlocked() || answering.isBlocked(),
    }),
    ping: () => request(async (channel) => void (await channel.checkExchange(EXCHANGES.answers))),
    close: async () => {
      answerSender.flush()
      await Promise.all([...[...parts].map((close) => close()), publisher.close(), sender.close()])
      await Promise.all(connections.map((connection) => connection.close()))
    },
  }
}

type Link = ReturnType<typeof superviseConnection>
