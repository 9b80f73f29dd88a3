import { type Cluster, checkRecording, collectRecording, type Verdict, waitFor } from '@askwire/testing'
import { createBench } from './bench.ts'
import type { RunnableFault } from './fault.ts'

export type FaultOutcome = {
  readonly passed: boolean
  readonly verdict: Verdict
  readonly error: Error | undefined
  readonly ms: number
}

/** Provokes one fault on a cluster, heals the cluster, and lets the checker decide over what was recorded. */
export async function runFault(
  fault: RunnableFault,
  cluster: Cluster,
  { seed = 1, say = () => {} }: { seed?: number; say?: (line: string) => void } = {},
): Promise<FaultOutcome> {
  const startedAt = performance.now()
  const bench = createBench(cluster, fault.id, seed, say)
  let error: Error | undefined
  try {
    await fault.provoke(bench)
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown))
  }
  await cluster.heal()
  await waitFor(async () => (await Promise.all(cluster.all().map((service) => service.isReady()))).every(Boolean), {
    timeoutMs: 60_000,
    intervalMs: 200,
    what: 'every process ready again',
  })
  const recording = await collectRecording(bench.client, {
    accounts: cluster.accounts,
    databaseUrl: cluster.servers.databaseUrl,
    gateway: cluster.urls[0] ?? '',
    prefix: `${fault.id}-`,
  })
  // A row that broke off has left its followers.
  await bench.client.close()
  const verdict = checkRecording(recording)
  return { passed: verdict.passed && !error, verdict, error, ms: performance.now() - startedAt }
}
