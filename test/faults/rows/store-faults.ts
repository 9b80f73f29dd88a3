import { setTimeout as sleep } from 'node:timers/promises'
import { sendRequest, waitFor } from '@askwire/testing'
import type { Bench } from '../bench.ts'
import type { RunnableFault } from '../fault.ts'

/** Runs a load until `work` is over. */
async function underLoad(bench: Bench, work: () => Promise<void>): Promise<void> {
  const over = new AbortController()
  const load = bench.load({ durationMs: 120_000, signal: over.signal, tokens: { from: 5, to: 60 } })
  try {
    await waitFor(() => bench.client.asks.length > 8, { what: 'load' })
    await work()
  } finally {
    over.abort()
    await load
  }
}

/** Sends a question that will not be accepted, and says how that was told. Not recorded: it is no part of the load. */
async function refusal(bench: Bench): Promise<{ status: number; tookMs: number }> {
  const startedAt = performance.now()
  const json = { message: `Nobody answers run:${bench.id}-refused` }
  const { status } = await sendRequest(`${bench.cluster.urls[0]}/api/chat`, {
    method: 'POST',
    json,
    headers: bench.cluster.accounts.headersOf(bench.id),
  })
  return { status, tookMs: performance.now() - startedAt }
}

async function untilAccepting(bench: Bench): Promise<void> {
  const accepted = await bench.ask({ tokens: 5 })
  await bench.untilEnd(accepted)
  await bench.closeFollowers([accepted])
}

/** PostgreSQL and Redis stopped, frozen, locked, emptied, full. */
export const storeFaults: readonly RunnableFault[] = [
  {
    id: 'F22',
    name: 'PostgreSQL stopped at once for 8 s under load',
    holds: 'questions get 503 within 3 s; answers under way are stored when it is back, none fails; pools recover',
    spoils: { postgres: true },
    smoke: false,
    provoke: async (bench) => {
      await underLoad(bench, async () => {
        const { postgres } = bench.cluster.servers
        await postgres.stop('immediate')
        const { status, tookMs } = await refusal(bench)
        bench.must(status === 503, `a question got ${status}`)
        bench.must(tookMs < 3000, `the refusal took ${tookMs} ms`)
        bench.must((await bench.get('/health/live')).status === 200, 'the gateway is not live')
        await sleep(8000)
        await postgres.start()
        await untilAccepting(bench)
        const failed = await bench.withDatabase((database) =>
          database.query("select 1 from runs where status = 'failed' and error->>'code' = 'database_unavailable'"),
        )
        bench.must(failed.length === 0, `${failed.length} runs failed for want of the database`)
      })
    },
  },
  {
    id: 'F23',
    name: 'a lock on the table of runs for 6 s',
    holds: 'questions get 503 within 4 s; the gateway stays live; all goes on when the lock is gone',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      await underLoad(bench, async () => {
        await bench.withDatabase(async (database) => {
          await database.query('begin')
          await database.query('lock table runs in access exclusive mode')
          const { status, tookMs } = await refusal(bench)
          bench.must(status === 503, `a question got ${status}`)
          bench.must(tookMs < 4000, `the refusal took ${tookMs} ms`)
          bench.must((await bench.get('/health/live')).status === 200, 'the gateway is not live')
          await sleep(4000)
          await database.query('rollback')
        })
        await untilAccepting(bench)
      })
    },
  },
  {
    id: 'F24',
    name: 'PostgreSQL restarted again and again under load',
    holds: 'the invariants',
    spoils: { postgres: true },
    smoke: false,
    provoke: async (bench) => {
      await underLoad(bench, async () => {
        for (let round = 0; round < 3; round += 1) {
          await bench.cluster.servers.postgres.stop('immediate')
          await sleep(bench.random.between(200, 2000))
          await bench.cluster.servers.postgres.start()
          await sleep(bench.random.between(2000, 5000))
        }
      })
    },
  },
  {
    id: 'F25',
    name: 'Redis frozen, then killed and started again, under load',
    holds: 'nothing accepted is lost; live answers go on; who reconnects gets a snapshot',
    spoils: { redis: true },
    smoke: true,
    provoke: async (bench) => {
      await underLoad(bench, async () => {
        const { redis } = bench.cluster.servers
        await redis.kill('SIGSTOP')
        await sleep(3000)
        await redis.kill('SIGCONT')
        await untilAccepting(bench)
        await redis.kill('SIGKILL')
        await sleep(1500)
        const accepted = await bench.ask({ tokens: 5, follow: false })
        await waitFor(async () => (await bench.runRow(accepted.runId)).status === 'succeeded', {
          timeoutMs: 30_000,
          what: 'an answer without Redis',
        })
        await redis.start()
        await untilAccepting(bench)
      })
    },
  },
]
