import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Cluster,
  checkRecording,
  collectRecording,
  createLoadClient,
  createRandom,
  type Recording,
  runUsers,
  type Verdict,
  waitFor,
} from '@askwire/testing'
import { DISTURBANCES } from './disturbances.ts'

export type ChaosOptions = {
  seed: number
  durationMs: number
  users: number
  /** Only disturbances whose name contains this. */
  faultsWith?: string
  /** Milliseconds of peace between two faults. */
  pause?: { from: number; to: number }
  say: (line: string) => void
  signal: AbortSignal
}

export type ChaosOutcome = {
  verdict: Verdict
  recording: Recording
  faults: Map<string, number>
  failures: Map<string, number>
}

const PROGRESS_MS = 10_000

/** A load under faults drawn by the seed, one after another; then peace, and the checker's verdict over everything. */
export async function runChaos(cluster: Cluster, options: ChaosOptions): Promise<ChaosOutcome> {
  const { say } = options
  const random = createRandom(options.seed)
  const client = createLoadClient({
    gateways: () => cluster.urls,
    accounts: cluster.accounts,
    random: random.fork('client'),
  })
  const startedAt = performance.now()
  const faults = new Map<string, number>()
  let now = 'peace'
  const among = DISTURBANCES.filter(({ name }) => name.includes(options.faultsWith ?? ''))
  if (among.length === 0) throw new Error(`no fault has ${options.faultsWith} in its name`)
  const progress = setInterval(() => {
    const accepted = client.asks.filter(({ tries }) => tries.some((one) => one.accepted)).length
    const events = client.streams.reduce((sum, stream) => sum + stream.events.length, 0)
    const at = Math.round((performance.now() - startedAt) / 1000)
    say(`${at} s: asked ${client.asks.length}, accepted ${accepted}, events ${events}; now: ${now}`)
  }, PROGRESS_MS)
  try {
    const load = runUsers({
      client,
      random: random.fork('users'),
      users: options.users,
      durationMs: options.durationMs,
      signal: options.signal,
    })
    const drawn = random.fork('faults')
    while (performance.now() - startedAt < options.durationMs && !options.signal.aborted) {
      const { from, to } = options.pause ?? { from: 2000, to: 10_000 }
      now = 'peace'
      await sleep(drawn.between(from, to))
      const fault = drawn.pick(among)
      now = fault.name
      faults.set(fault.name, (faults.get(fault.name) ?? 0) + 1)
      await fault.provoke(cluster, drawn)
    }
    now = 'peace at the end'
    await cluster.heal()
    await load
    await waitFor(async () => (await Promise.all(cluster.all().map((one) => one.isReady()))).every(Boolean), {
      timeoutMs: 60_000,
      intervalMs: 250,
      what: 'every process ready again',
    })
  } finally {
    clearInterval(progress)
  }
  const { databaseUrl } = cluster.servers
  const recording = await collectRecording(client, {
    databaseUrl,
    gateway: cluster.urls[0] ?? '',
    accounts: cluster.accounts,
  })
  const failures = new Map<string, number>()
  for (const { status, errorCode } of recording.runs) {
    if (status === 'failed' || status === 'expired') {
      failures.set(errorCode ?? status, (failures.get(errorCode ?? status) ?? 0) + 1)
    }
  }
  return { verdict: checkRecording(recording), recording, faults, failures }
}
