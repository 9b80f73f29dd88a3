import type { Broker, Delivery, HandlerResult, OutgoingMessage } from '@askwire/broker'
import { EXCHANGES, type QueueSpec, type Topology } from '@askwire/contracts'

/** One installation of a message broker: the brokers it hands out see each other. */
export type Site = { connect(): Promise<Broker>; close(): Promise<void> }
export type OpenSite = (topology: Topology) => Promise<Site>

/** Names of one test's queues; no two tests share them. */
export type TestTopology = { topology: Topology; work: string; dead: string; small: string }

const EXCHANGE = 'contract'
const EXCHANGE_DEAD = 'contract.dead'
export const DELIVERY_LIMIT = 3
export const SMALL_LENGTH = 10
let lastTest = 0

/** `work` dead-letters to `dead` after 3 returns; `small` takes about 10 messages and has no dead letters. */
export function createTestTopology(): TestTopology {
  lastTest += 1
  const suffix = `${process.pid}.${lastTest}`
  const [work, dead, small] = [`work.${suffix}`, `dead.${suffix}`, `small.${suffix}`]
  const queues: QueueSpec[] = [
    {
      name: work,
      exchange: EXCHANGE,
      deliveryLimit: DELIVERY_LIMIT,
      deadLetter: { exchange: EXCHANGE_DEAD, routingKey: dead },
    },
    { name: dead, exchange: EXCHANGE_DEAD, deliveryLimit: 20 },
    { name: small, exchange: EXCHANGE, deliveryLimit: 20, maxLength: SMALL_LENGTH },
  ]
  const exchanges = [
    { name: EXCHANGE, type: 'direct' },
    { name: EXCHANGE_DEAD, type: 'direct' },
    { name: EXCHANGES.answers, type: 'direct' },
    { name: EXCHANGES.control, type: 'topic' },
  ] as const
  return { topology: { exchanges, queues }, work, dead, small }
}

export function message(queue: string, id: string, extra: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { exchange: EXCHANGE, routingKey: queue, messageId: id, body: Buffer.from(`body of ${id}`), ...extra }
}

/** A handler that keeps what it got and answers as it is told. */
export function createRecorder(answer: (delivery: Delivery) => HandlerResult | Promise<HandlerResult> = () => 'ack') {
  const got: Delivery[] = []
  return {
    got,
    ids: () => got.map((delivery) => delivery.messageId),
    handler: async (delivery: Delivery): Promise<HandlerResult> => {
      got.push(delivery)
      return await answer(delivery)
    },
  }
}

/** A promise with its handles, for handlers that a test holds open. */
export function createGate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}
