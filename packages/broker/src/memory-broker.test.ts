import { createMemoryBroker, createMemoryHub } from '@askwire/broker'
import { createLogger } from '@askwire/runtime'
import { describeBrokerContract } from '../test/broker-contract.ts'

describeBrokerContract('memory', async (topology) => {
  const hub = createMemoryHub({ topology, logger: createLogger({ name: 'test', level: 'silent' }) })
  const brokers: ReturnType<typeof createMemoryBroker>[] = []
  return {
    connect: async () => {
      const broker = createMemoryBroker({ hub })
      brokers.push(broker)
      await broker.start()
      return broker
    },
    close: async () => {
      for (const broker of brokers) await broker.close()
    },
  }
})
