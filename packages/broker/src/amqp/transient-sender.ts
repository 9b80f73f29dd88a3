import type { Topology } from '@askwire/contracts'
import type { Clock, Logger } from '@askwire/runtime'
import type { Channel } from 'amqplib'
import type { OnBrokerEvent } from '../broker-event.ts'
import { superviseChannel } from './channel.ts'
import type { SupervisedConnection } from './connection.ts'
import { declareTopology } from './declare-topology.ts'
import { DRAIN_TIMEOUT_MS, MAX_UNDRAINED_BYTES } from './limits.ts'

/** `BCC`: further routing keys; the broker takes them out of what it delivers. */
export type TransientProperties = { type: string; BCC: string[] }

export type TransientSender = {
  /** Never throws or rejects. One promise is shared by all who wait for the same drain: this is the hot path. */
  send(exchange: string, routingKey: string, body: Buffer, properties?: TransientProperties): Promise<void>
  isLive(): boolean
  ready(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

const SENT = Promise.resolve()
const TRANSIENT = { persistent: false }

/** Sends without confirms; what cannot go now is dropped, never kept for later. */
export function createTransientSender(options: {
  connection: SupervisedConnection
  topology: Topology
  logger: Logger
  clock: Clock
  onEvent: OnBrokerEvent
}): TransientSender {
  const { connection } = options
  let draining: { promise: Promise<void>; done: () => void } | undefined
  /** The drain took too long: the socket is as good as closed until it drains. */
  let stalled = false
  let undrainedBytes = 0

  const supervised = superviseChannel<Channel>({
    ...options,
    name: `${connection.name}.transient`,
    open: (model) => model.createChannel(),
    setup: async (channel, life, { model }) => {
      channel.on('drain', drained)
      life.addEventListener('abort', drained, { once: true })
      await declareTopology(model, options.topology, options)
    },
  })
  connection.onBlocked(() => draining?.done())

  function drained(): void {
    stalled = false
    undrainedBytes = 0
    draining?.done()
  }

  function waitForDrain(): Promise<void> {
    if (draining) return draining.promise
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      stalled = true
      done()
    }, DRAIN_TIMEOUT_MS)
    const done = (): void => {
      clearTimeout(timer)
      draining = undefined
      resolve()
    }
    draining = { promise, done }
    return promise
  }

  return {
    send: (exchange, routingKey, body, properties) => {
      const live = supervised.live()
      if (!live || stalled || connection.isBlocked()) return SENT
      if (draining) {
        undrainedBytes += body.length
        if (undrainedBytes > MAX_UNDRAINED_BYTES) return draining.promise
      }
      try {
        const writable = live.channel.publish(
          exchange,
          routingKey,
          body,
          properties ? { ...TRANSIENT, ...properties } : TRANSIENT,
        )
        return writable && !draining ? SENT : waitForDrain()
      } catch {
        return SENT
      }
    },
    isLive: () => supervised.live() !== undefined,
    ready: async (signal) => {
      await supervised.wait(signal)
    },
    close: () => supervised.close(),
  }
}
