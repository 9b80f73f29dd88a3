import type { Bench } from '../lib/bench-context.ts'
import { type Cluster, startCluster } from '../lib/cluster.ts'
import { cpuBetween, readBusy, readCpu } from '../lib/cpu.ts'
import type { AnswersResult, Target } from '../lib/jobs.ts'

/** One measurement of one target. */
export type AnswersRow = {
  target: string
  slots: number
  tokensPerAnswer: number
  result: Omit<AnswersResult, 'endsMs'>
  tokensPerSecond: number
  /** Processors that others on this machine kept busy meanwhile: what they take, the measured lack. */
  othersCores: number
  /** Processor seconds per 1000 tokens, by process. */
  cpuPer1000: Record<string, number>
}

type Shape = {
  slots: number
  rounds: number
  rampMs: number
  tokens: number
  intervalMs: number
  timeoutMs: number
}

const WORKERS = 2
/** The first questions of a measurement are spread over this time, the length of an answer: from then on they come evenly. */
const RAMP_MS = 2000
/** A second of idleness between measurements, so that one does not pay for what the other left. */
const PAUSE_MS = 1000

export async function withAnswersCluster<T>(
  bench: Bench,
  profileDir: string | undefined,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const cluster = await startCluster(bench, { workers: WORKERS, concurrency: 300, profileDir })
  try {
    // What is compiled and connected on the first answers is not what is measured.
    for (const target of targetsOf(bench, cluster))
      await ask(bench, cluster, target, {
        slots: 20,
        rounds: 5,
        rampMs: 0,
        tokens: 100,
        intervalMs: 0,
        timeoutMs: 30_000,
      })
    return await work(cluster)
  } finally {
    await cluster.stop()
  }
}

/** Added delay, into `rows`, of tokens that the model sends every 20 ms, at several numbers of answers at once. */
export async function measurePaced(bench: Bench, cluster: Cluster, rows: AnswersRow[]): Promise<void> {
  const levels = bench.quick ? [1, 50] : [1, 50, 200, 500]
  const rounds = bench.quick ? 2 : 3
  for (const slots of levels) {
    for (const target of targetsOf(bench, cluster)) {
      const shape = { slots, rounds, rampMs: RAMP_MS, tokens: 100, intervalMs: 20 }
      rows.push(await ask(bench, cluster, target, { ...shape, timeoutMs: 90_000 }))
    }
  }
}

/** Answers per second of one token each, without a pause: what an answer costs before it says anything. */
export async function measureShort(bench: Bench, cluster: Cluster): Promise<AnswersRow[]> {
  const shape = { slots: 50, rounds: bench.quick ? 10 : 20, rampMs: 0, tokens: 1, intervalMs: 0, timeoutMs: 60_000 }
  const rows: AnswersRow[] = []
  for (const target of targetsOf(bench, cluster)) rows.push(await ask(bench, cluster, target, shape))
  return rows
}

/** Tokens per second when the model does not wait: 50 answers at a time of 500 tokens. */
export async function measureFlood(bench: Bench, cluster: Cluster): Promise<AnswersRow[]> {
  const rows: AnswersRow[] = []
  for (const target of targetsOf(bench, cluster)) {
    const rounds = target.kind === 'langgraph' ? 1 : bench.quick ? 2 : 8
    const shape = { slots: 50, rounds, rampMs: 0, tokens: 500, intervalMs: 0, timeoutMs: 90_000 }
    rows.push(await ask(bench, cluster, target, shape))
  }
  return rows
}

/** Processor time per token at three lengths of answers, for about the same number of tokens at the same pace. */
export async function measureLength(bench: Bench, cluster: Cluster): Promise<AnswersRow[]> {
  const rows: AnswersRow[] = []
  const tokens = bench.quick ? 8000 : 40_000
  const slots = 20
  for (const length of bench.quick ? [100, 500] : [100, 500, 2000]) {
    const rounds = Math.max(1, Math.round(tokens / (slots * length)))
    const shape = { slots, rounds, rampMs: 200, tokens: length, intervalMs: 5, timeoutMs: 120_000 }
    rows.push(await ask(bench, cluster, askwire(bench, cluster), shape))
  }
  return rows
}

function askwire(bench: Bench, cluster: Cluster): Target {
  return { kind: 'askwire', name: 'Askwire', url: cluster.gatewayUrl, fakeUrl: bench.fake.url, auth: cluster.auth }
}

function targetsOf(bench: Bench, cluster: Cluster): Target[] {
  const fakeUrl = bench.fake.url
  return [
    { kind: 'direct', name: 'direct', url: fakeUrl, fakeUrl },
    askwire(bench, cluster),
    ...bench.peers.map(({ kind, name, url }) => ({ kind, name, url, fakeUrl })),
  ]
}

async function ask(bench: Bench, cluster: Cluster, target: Target, shape: Shape): Promise<AnswersRow> {
  const { slots, rounds, rampMs, tokens, intervalMs, timeoutMs } = shape
  const pids = processesOf(bench, cluster, target)
  const before = readCpu(pids)
  const busyBefore = readBusy()
  const startedAt = performance.now()
  const model = `fake?answer=stamp&interval=${intervalMs}&count=${tokens}`
  const { endsMs: _ends, ...result } = await bench.loader.answers({
    target,
    slots,
    rounds,
    rampMs,
    model,
    tokensPerAnswer: tokens,
    timeoutMs,
  })
  const cpu = cpuBetween(before, readCpu(pids))
  const own = Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0)
  const others = (readBusy() - busyBefore - own) / ((performance.now() - startedAt) / 1000)
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  const row: AnswersRow = {
    target: target.name,
    slots,
    tokensPerAnswer: tokens,
    result,
    tokensPerSecond: Math.round(result.tokens / (result.wallMs / 1000)),
    othersCores: Math.max(0, Math.round(others * 100) / 100),
    cpuPer1000: Object.fromEntries(
      Object.entries(cpu).map(([name, seconds]) => [name, round((seconds * 1000) / Math.max(1, result.tokens))]),
    ),
  }
  bench.say(
    `${target.name.padEnd(17)} ${String(slots).padStart(3)} × ${String(tokens).padStart(4)} every ${intervalMs} ms: ` +
      `token ${result.tokenMs.p50} / ${result.tokenMs.p95} / ${result.tokenMs.p99} ms, first ${result.firstMs.p50} ms, ` +
      `${row.tokensPerSecond} tokens/s, failed ${result.failed} of ${result.asked}, others ${row.othersCores} cores`,
  )
  for (const reason of result.reasons) bench.say(`  failed: ${reason.replaceAll('\n', ' ').slice(0, 300)}`)
  return row
}

function processesOf(bench: Bench, cluster: Cluster, target: Target): Record<string, number | undefined> {
  const ends = { fake: bench.fake.pid, loader: bench.loader.pid }
  if (target.kind === 'direct') return ends
  if (target.kind !== 'askwire')
    return { ...ends, [target.name]: bench.peers.find((peer) => peer.kind === target.kind)?.pid }
  const { rabbit, postgres, redis } = bench.servers.pids
  return { ...cluster.pids(), rabbit, postgres, redis, ...ends }
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000
