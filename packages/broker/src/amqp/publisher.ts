import { AppError, type Topology } from '@askwire/contracts'
import type { Clock, Logger } from '@askwire/runtime'
import type { ConfirmChannel } from 'amqplib'
import type { OutgoingMessage } from '../broker.ts'
import type { OnBrokerEvent } from '../broker-event.ts'
import { createInFlight } from '../in-flight.ts'
import { superviseChannel } from './channel.ts'
import type { SupervisedConnection } from './connection.ts'
import { declareTopology } from './declare-topology.ts'
import { MAX_BODY_BYTES } from './limits.ts'

export type Publisher = {
  publish(message: OutgoingMessage): Promise<void>
  isLive(): boolean
  /** Resolves when the channel is up; rejects with the signal's reason. */
  ready(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export type PublisherOptions = {
  connection: SupervisedConnection
  topology: Topology
  publishTimeoutMs: number
  maxUnconfirmed: number
  logger: Logger
  clock: Clock
  onEvent: OnBrokerEvent
}

/** Publishes with confirms. A message that timed out stays counted until the broker speaks of it or its channel dies. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { connection, topology, publishTimeoutMs } = options
  const exchanges = new Set(topology.exchanges.map((exchange) => exchange.name))
  const unconfirmed = createInFlight()
  /** Numbers of the unconfirmed messages that the broker sent back. A return comes before its confirm. */
  const returned = new Set<string>()
  let lastNumber = 0
  let closing = false

  const supervised = superviseChannel<ConfirmChannel>({
    ...options,
    name: `${connection.name}.confirms`,
    open: (model) => model.createConfirmChannel(),
    setup: async (channel, _life, { model }) => {
      channel.on('return', ({ properties }) => returned.add(String(properties.correlationId)))
      await declareTopology(model, topology, options)
    },
  })

  function refusal(message: OutgoingMessage): AppError | undefined {
    if (closing) return unavailable('The broker is being closed.')
    if (!supervised.live()) return unavailable('The broker is away.')
    if (connection.isBlocked()) return unavailable('The broker takes no messages at the moment.')
    if (unconfirmed.count() >= options.maxUnconfirmed) return unavailable('Too many messages wait for the broker.')
    if (!exchanges.has(message.exchange)) return rejected('There is no such exchange.')
    if (message.body.length > MAX_BODY_BYTES) return rejected('The message is too large.')
    return undefined
  }

  function publish(message: OutgoingMessage): Promise<void> {
    const refused = refusal(message)
    const live = supervised.live()
    if (refused || !live) return Promise.reject(refused)
    return new Promise((resolve, reject) => {
      lastNumber += 1
      const number = String(lastNumber)
      const timer = setTimeout(() => {
        reject(new AppError('broker_timeout', 'The broker did not confirm in time.'))
      }, publishTimeoutMs)
      const settle = (failure?: AppError): void => {
        clearTimeout(timer)
        returned.delete(number)
        unconfirmed.leave()
        if (failure) reject(failure)
        else resolve()
      }
      unconfirmed.enter()
      try {
        live.channel.publish(
          message.exchange,
          message.routingKey,
          message.body,
          properties(message, number),
          (error) => {
            if (!error) settle(returned.has(number) ? rejected('No queue is bound for this message.') : undefined)
            else if (live.life.aborted) settle(unavailable('The broker went away before it confirmed.', error))
            else settle(rejected('The queue is full.', error))
          },
        )
      } catch (error) {
        // Headers beyond 64 KiB are a RangeError; anything else says that the channel has just gone.
        settle(
          error instanceof RangeError
            ? rejected('The headers are too large.', error)
            : unavailable('The broker is away.', error),
        )
      }
    })
  }

  return {
    publish,
    isLive: () => supervised.live() !== undefined,
    ready: async (signal) => {
      await supervised.wait(signal)
    },
    close: async () => {
      closing = true
      await unconfirmed.idle(publishTimeoutMs)
      await supervised.close()
    },
  }
}

function properties(message: OutgoingMessage, number: string): Record<string, unknown> {
  return {
    persistent: true,
    mandatory: true,
    contentType: 'application/json',
    messageId: message.messageId,
    // The one property that a returned message brings back and that is different for two publishes of the same id.
    correlationId: number,
    timestamp: Math.floor(Date.now() / 1000),
    ...(message.headers && { headers: message.headers }),
  }
}

function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('broker_unavailable', message, { cause })
}

function rejected(message: string, cause?: unknown): AppError {
  return new AppError('broker_rejected', message, { cause })
}
