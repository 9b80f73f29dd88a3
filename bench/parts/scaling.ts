import type { Bench } from '../lib/bench-context.ts'
import { startCluster } from '../lib/cluster.ts'

export type ScalingRow = {
  workers: number
  failed: number
  answersPerSecond: number
  /** Against as many times what one worker did. */
  ofLine: number
}

const CONCURRENCY = 4
const ANSWER_MS = 2000
/** Answers that each place of each worker gives, the first of which is not counted. */
const WAVES = 6

/** Answers per second when every answer takes two seconds, with 1, 2, 4 and 8 workers of four answers at once. */
export async function measureScaling(bench: Bench): Promise<ScalingRow[]> {
  const cluster = await startCluster(bench, { workers: 1, concurrency: CONCURRENCY })
  const { gatewayUrl: url, auth } = cluster
  const target = { kind: 'askwire', name: 'Askwire', url, fakeUrl: bench.fake.url, auth } as const
  const rows: ScalingRow[] = []
  try {
    const warmUp = { slots: 8, rounds: 1, rampMs: 0, model: 'fake?answer=stamp&count=1', tokensPerAnswer: 1 }
    await bench.loader.answers({ target, ...warmUp, timeoutMs: 30_000 })
    for (const workers of bench.quick ? [1, 2] : [1, 2, 4, 8]) {
      await cluster.addWorkers(workers)
      const places = workers * CONCURRENCY
      const { endsMs, failed } = await bench.loader.answers({
        target,
        slots: places * WAVES,
        rounds: 1,
        rampMs: 0,
        model: `fake?answer=stamp&count=1&ttft=${ANSWER_MS}`,
        tokensPerAnswer: 1,
        timeoutMs: WAVES * ANSWER_MS * 3,
      })
      // From the end of the first wave to the end of the last: how the places were first filled is no part of it.
      const waves = endsMs.slice(places)
      const seconds = ((endsMs.at(-1) ?? 0) - (endsMs[places - 1] ?? 0)) / 1000
      const answersPerSecond = waves.length / seconds
      const line = (rows[0]?.answersPerSecond ?? answersPerSecond) * workers
      const row = { workers, failed, answersPerSecond: round(answersPerSecond), ofLine: round(answersPerSecond / line) }
      rows.push(row)
      bench.say(
        `${workers} workers: ${row.answersPerSecond} answers/s, ${Math.round(row.ofLine * 100)} % of the line, failed ${failed}`,
      )
    }
    return rows
  } finally {
    await cluster.stop()
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000
