import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from '@askwire/testing'
import type { Bench } from './bench.ts'

/** `latencies`: milliseconds from the stop to the closed socket of the provider, sorted, of the stops that met an open one. */
export type Stops = { count: number; closed: number; p50: number; p99: number; max: number; latencies: number[] }

const PARALLEL = 5

/** Stops that many answers, each at a random moment of its first 1.5 s, and measures when the provider's socket is closed. */
export async function measureStops(bench: Bench, count: number): Promise<Stops> {
  const latencies: number[] = []
  let begun = 0
  const lane = async (): Promise<void> => {
    while (begun < count) {
      begun += 1
      const latency = await stopOne(bench)
      if (latency !== undefined) latencies.push(latency)
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, lane))
  latencies.sort((a, b) => a - b)
  const at = (share: number): number => latencies[Math.max(0, Math.ceil(latencies.length * share) - 1)] ?? 0
  return { count, closed: latencies.length, p50: at(0.5), p99: at(0.99), max: at(1), latencies }
}

/** `undefined` when the stop came before the provider was asked. */
async function stopOne(bench: Bench): Promise<number | undefined> {
  const asked = await bench.ask({ tokens: 400, pace: `ttft=${bench.random.between(0, 300)}&interval=20` })
  await sleep(bench.random.between(0, 1500))
  const openBefore = bench.callsFor(asked.key).length > 0
  const { at } = await bench.client.cancel(asked.runId)
  await bench.untilEnd(asked)
  await asked.follower.close()
  const [call] = bench.callsFor(asked.key)
  if (!call || !openBefore) return undefined
  await waitFor(() => call.closedAt !== undefined, { what: "the provider's socket closed" })
  return (call.closedAt ?? 0) - at
}
