import { type Broker, createAmqpBroker } from '@askwire/broker'
import { createLogger } from '@askwire/runtime'
import { createVhost, type OwnSpace, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll } from '@jest/globals'
import { describeBrokerContract } from './broker-contract.ts'

const servers = serversOrSkip()
/** No stall of a busy machine comes near it. */
const PATIENT = { publishTimeoutMs: 20_000, bindTimeoutMs: 20_000, requestTimeoutMs: 20_000, heartbeatSeconds: 30 }
const logger = createLogger({ name: 'test', level: 'silent' })
let space: OwnSpace | undefined

beforeAll(async () => {
  space = await createVhost(servers)
})
afterAll(async () => {
  await space?.drop()
})

describeBrokerContract('amqp', async (topology) => {
  const url = space!.url
  const brokers: Broker[] = []
  return {
    connect: async () => {
      const broker = createAmqpBroker({ url, connectionName: 'contract', topology, logger, ...PATIENT })
      brokers.push(broker)
      await broker.start()
      return broker
    },
    close: async () => {
      for (const broker of brokers) await broker.close()
    },
  }
})
