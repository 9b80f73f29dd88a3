import { type Cluster, describeVerdict, type OwnServers, type Servers, startCluster } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { isRunnable, type RunnableFault } from './fault.ts'
import { FAULTS } from './faults.ts'
import { runFault } from './run-fault.ts'

const FAULT_TIMEOUT_MS = 120_000

/** Tests of the sharpest faults that `select` takes, one after another on one cluster, the checker deciding each. */
export function smokeSuite(
  title: string,
  servers: Servers,
  own: OwnServers,
  select: (fault: RunnableFault) => boolean,
): void {
  describe(title, () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster({ servers, name: 'smoke', gateways: 2, workers: 2, agents: 2, own })
    }, 120_000)
    afterAll(async () => await cluster?.close(), 60_000)

    for (const fault of FAULTS.filter(isRunnable).filter((one) => one.smoke && select(one))) {
      test(
        `${fault.id}: ${fault.name}: ${fault.holds}`,
        async () => {
          const { error, verdict } = await runFault(fault, cluster)
          if (error) throw error
          expect(verdict.passed ? 'passed' : describeVerdict(verdict)).toBe('passed')
          expect(verdict.counts.attempted).toBeGreaterThan(0)
        },
        FAULT_TIMEOUT_MS,
      )
    }
  })
}

/** True for a fault that leaves the servers alone. */
export const sparesServers = ({ spoils }: RunnableFault): boolean => Object.values(spoils).every((one) => !one)
