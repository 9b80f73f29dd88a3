import type { Fault } from './fault.ts'
import { agentFaults } from './rows/agent-faults.ts'
import { brokerFaults } from './rows/broker-faults.ts'
import { capacityFaults } from './rows/capacity-faults.ts'
import { clientFaults } from './rows/client-faults.ts'
import { clockFaults } from './rows/clock-faults.ts'
import { faultyAgentFaults } from './rows/faulty-agent-faults.ts'
import { notHere } from './rows/not-here.ts'
import { secretFaults } from './rows/secret-faults.ts'
import { storeFaults } from './rows/store-faults.ts'
import { workerFaults } from './rows/worker-faults.ts'

/** Every fault Askwire is to survive, by its number. */
export const FAULTS: readonly Fault[] = [
  ...workerFaults,
  ...clientFaults,
  ...brokerFaults,
  ...storeFaults,
  ...agentFaults,
  ...secretFaults,
  ...clockFaults,
  ...capacityFaults,
  ...faultyAgentFaults,
  ...notHere,
].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
