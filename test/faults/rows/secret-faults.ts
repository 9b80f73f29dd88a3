import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import type { RunnableFault } from '../fault.ts'
import { restart } from '../restart.ts'

/** Secrets replaced while they are used, and a process that hardly runs. */
export const secretFaults: readonly RunnableFault[] = [
  {
    id: 'F44',
    name: 'worker starved of CPU for 20 s',
    holds: 'it runs for 50 ms of each second; every question is answered, by it or by the others',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const load = bench.load({ durationMs: 22_000, users: 6 })
      const worker = bench.cluster.workers[0]
      if (!worker) throw new Error('there is no worker')
      const until = performance.now() + 20_000
      try {
        while (performance.now() < until) {
          await worker.signal('SIGSTOP')
          await sleep(950)
          await worker.signal('SIGCONT')
          await sleep(50)
        }
      } finally {
        await worker.signal('SIGCONT')
      }
      await load
    },
  },
  {
    id: 'F47',
    name: 'secrets rotated under load',
    holds:
      'nobody is signed out, no request is refused with 401, and what was signed before is taken until the old secret goes',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const { gateways, workers, agents, env } = bench.cluster
      const over = new AbortController()
      const load = bench.load({ durationMs: 90_000, users: 6, signal: over.signal })
      const serviceToken = randomBytes(32).toString('hex')
      const authSecret = randomBytes(32).toString('hex')
      try {
        const both = {
          ASKWIRE_SERVICE_TOKEN: serviceToken,
          ASKWIRE_SERVICE_TOKEN_PREVIOUS: env.ASKWIRE_SERVICE_TOKEN,
        }
        for (const agent of agents) await restart(agent, both)
        for (const worker of workers) await restart(worker, { ASKWIRE_SERVICE_TOKEN: serviceToken })
        for (const agent of agents) await restart(agent, { ASKWIRE_SERVICE_TOKEN_PREVIOUS: '' })
        const auth = { ASKWIRE_AUTH_SECRET: authSecret, ASKWIRE_AUTH_SECRET_PREVIOUS: env.ASKWIRE_AUTH_SECRET }
        for (const gateway of gateways) {
          await restart(gateway, auth)
          await mustBeSignedIn(bench)
        }
      } finally {
        over.abort()
        await load
      }
      bench.must(
        bench.client.asks.every(({ tries }) => tries.every(({ status }) => status !== 401)),
        'a question was refused with 401',
      )
      const unauthorized = bench.client.streams.flatMap(({ connections }) =>
        connections.filter(({ status }) => status === 401),
      )
      bench.must(unauthorized.length === 0, 'a stream was refused with 401')
    },
  },
]

/** The token that was signed before still opens every gateway, whichever secret it has by now. */
async function mustBeSignedIn(bench: Bench): Promise<void> {
  for (const at of bench.cluster.urls.keys()) {
    const { status } = await bench.get('/api/documents', at)
    bench.must(status === 200, `the token of before is refused with ${status}`)
  }
}
