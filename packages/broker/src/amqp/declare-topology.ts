import type { QueueSpec, Topology } from '@askwire/contracts'
import type { Logger } from '@askwire/runtime'
import type { Channel, ChannelModel } from 'amqplib'
import type { OnBrokerEvent } from '../broker-event.ts'

const PRECONDITION_FAILED = 406

/** How a durable queue is declared. At-least-once dead-lettering needs `reject-publish`; both need a quorum queue. */
export function queueArguments(spec: QueueSpec): Record<string, string | number> {
  return {
    'x-queue-type': 'quorum',
    'x-overflow': 'reject-publish',
    'x-delivery-limit': spec.deliveryLimit,
    ...(spec.maxLength === undefined ? {} : { 'x-max-length': spec.maxLength }),
    ...(spec.deadLetter && {
      'x-dead-letter-exchange': spec.deadLetter.exchange,
      'x-dead-letter-routing-key': spec.deadLetter.routingKey,
      'x-dead-letter-strategy': 'at-least-once',
    }),
  }
}

/**
 * Declares every exchange, queue and binding; what exists already is left as it is. A queue that exists with other
 * arguments (a limit was changed in the configuration) is used as it is and reported: an outage would help no one.
 */
export async function declareTopology(
  model: ChannelModel,
  topology: Topology,
  report: { logger: Logger; onEvent: OnBrokerEvent },
): Promise<void> {
  const unlessDifferent = async (name: string, declare: (channel: Channel) => Promise<unknown>): Promise<void> => {
    // The broker answers a difference by closing the channel, so each declaration that may differ has its own.
    const channel = await model.createChannel()
    channel.on('error', () => {})
    try {
      await declare(channel)
      await channel.close()
    } catch (error) {
      if (!isPreconditionFailed(error)) throw error
      report.logger.error({ err: error, name }, 'the broker holds this with other arguments; it is used as it is')
      report.onEvent({ kind: 'topology_differs', name })
    }
  }
  await unlessDifferent('exchanges', async (channel) => {
    for (const { name, type } of topology.exchanges) await channel.assertExchange(name, type, { durable: true })
  })
  for (const spec of topology.queues) {
    await unlessDifferent(spec.name, (channel) =>
      channel.assertQueue(spec.name, { durable: true, arguments: queueArguments(spec) }),
    )
  }
  await unlessDifferent('bindings', async (channel) => {
    for (const { name, exchange } of topology.queues) await channel.bindQueue(name, exchange, name)
  })
}

function isPreconditionFailed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === PRECONDITION_FAILED
}
