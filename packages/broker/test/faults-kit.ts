import { setTimeout as delay } from 'node:timers/promises'
import { type AmqpBrokerOptions, type Broker, type BrokerEvent, createAmqpBroker } from '@askwire/broker'
import { createLogger } from '@askwire/runtime'
import { waitFor } from '@askwire/testing'
import { connect } from 'amqplib'
import { createTestTopology, message, type TestTopology } from './contract-kit.ts'

export type Bench = TestTopology & {
  /** A broker that comes back quickly, and what it told of itself. */
  open(options?: Partial<AmqpBrokerOptions>): { broker: Broker; events: BrokerEvent[]; count(kind: string): number }
  close(): Promise<void>
}

const logger = createLogger({ name: 'test', level: 'silent' })

/** Brokers on queues of their own, for one test. */
export function createBench(url: string): Bench {
  const names = createTestTopology()
  const brokers: Broker[] = []
  return {
    ...names,
    open: (options = {}) => {
      const events: BrokerEvent[] = []
      const broker = createAmqpBroker({
        url,
        connectionName: `test ${brokers.length}`,
        logger,
        topology: names.topology,
        // No stall of a busy machine comes near it; who must give up sets less.
        publishTimeoutMs: 20_000,
        startTimeoutMs: 20_000,
        requestTimeoutMs: 20_000,
        heartbeatSeconds: 60,
        backoff: { firstMs: 50, maxMs: 500 },
        onEvent: (event) => events.push(event),
        ...options,
      })
      brokers.push(broker)
      return { broker, events, count: (kind) => events.filter((event) => event.kind === kind).length }
    },
    close: async () => {
      await Promise.all(brokers.map((broker) => broker.close()))
    },
  }
}

/** Publishes until the broker confirms, always with the same id, as an outbox does. */
export async function publishSurely(broker: Broker, queue: string, id: string): Promise<void> {
  for (;;) {
    const failure = await broker.publish(message(queue, id)).catch((error: unknown) => error)
    if (failure === undefined) return
    await delay(20)
  }
}

export async function hasConsumers(broker: Broker, queue: string, consumers: number): Promise<void> {
  await waitFor(async () => (await broker.inspect(queue)).consumers === consumers, {
    what: `${consumers} consumers of ${queue}`,
    timeoutMs: 30_000,
  })
}

/** Does something on the broker that Askwire itself never does. */
export async function onRawChannel<T>(
  url: string,
  work: (channel: Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createChannel']>>) => Promise<T>,
): Promise<T> {
  const connection = await connect(url)
  try {
    const channel = await connection.createChannel()
    return await work(channel)
  } finally {
    await connection.close()
  }
}
