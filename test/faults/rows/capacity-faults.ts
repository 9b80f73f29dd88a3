import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServiceProcess, sendRequest, waitFor } from '@askwire/testing'
import type { Bench } from '../bench.ts'
import type { RunnableFault } from '../fault.ts'
import { type IdleFollowers, idleFollowers } from '../idle-followers.ts'
import { restart } from '../restart.ts'
import { moveToSmallDisk } from '../small-disk.ts'

const CROWD = 10_000
const ACTIVE = 100
/** About 60 kB each. 300 were wanted, which is what a bare Node server takes. */
const MAX_RESIDENT_MB = 700
/** Seconds in which every follower is sent one comment line. */
const HEARTBEAT_S = 15
/** Open files of the gateway that is to run out of them, and what of it streams may take. */
const OPEN_FILES = 800
const STREAMS = 600

/** More of everything than there is room for. */
export const capacityFaults: readonly RunnableFault[] = [
  {
    id: 'F41',
    name: '10 000 idle followers and 100 active ones; a gateway that may not open more files',
    holds:
      'at most 700 MB; comment lines come evenly; the first token takes no longer; at the limit 503 for streams while all else goes on',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const [gateway] = bench.cluster.gateways
      if (!gateway) throw new Error('the cluster has no gateway')
      const idle = await idleFollowers(bench)
      try {
        await atLimit(bench, gateway, idle)
        await restart(gateway)
        await withCrowd(bench, gateway, idle)
      } finally {
        idle.close()
      }
    },
  },
  {
    id: 'F45',
    name: "PostgreSQL's disk full under load",
    holds:
      'questions and uploads get 503 within 3 s and leave nothing behind; answers under way are stored when there is room, none fails',
    spoils: { postgres: true },
    smoke: false,
    provoke: async (bench) => {
      const disk = await moveToSmallDisk(bench)
      try {
        const running = await Promise.all(
          Array.from({ length: 6 }, () => bench.ask({ tokens: 120, pace: 'interval=30' })),
        )
        await Promise.all(running.map((asked) => bench.untilTokens(asked, 3)))
        await disk.fill()
        await mustRefuseQuestions(bench)
        await mustRefuseUploads(bench)
        // Long enough for the answers to end, and for every lease to be renewed or lost.
        await sleep(8000)
        bench.must((await bench.get('/health/live')).status === 200, 'the gateway is not live')
        await disk.free()
        for (const asked of running) {
          const status = await bench.untilEnd(asked)
          bench.must(status === 'succeeded', `an answer under way ended ${status}`)
        }
        await bench.load({ durationMs: 3000 })
        await bench.closeFollowers(running)
      } finally {
        await disk.remove()
      }
    },
  },
]

/** Streams up to the limit, 503 beyond it, and room again when some have left. */
async function atLimit(bench: Bench, gateway: ServiceProcess, idle: IdleFollowers): Promise<void> {
  await restart(gateway, {}, OPEN_FILES)
  // Few at once: those that are being refused hold a file each until they have read it.
  const refused = await idle.open(gateway, OPEN_FILES, 10)
  const wrong = refused.filter((status) => status !== 503)
  bench.must(wrong.length === 0, `beyond the limit ${wrong.length} streams were told ${wrong[0]} and not 503`)
  const held = Number((await bench.get('/health')).body.followers)
  bench.must(held === STREAMS, `${held} streams with ${OPEN_FILES} open files`)
  const asked = await bench.ask({ tokens: 5, follow: false })
  await waitFor(async () => (await bench.runRow(asked.runId)).status === 'succeeded', {
    what: 'an answer at the limit',
  })
  bench.must((await bench.get('/health/ready')).status === 200, 'the gateway at its limit is not ready')
  idle.close()
  await waitFor(async () => (await idle.open(gateway, 1)).length === 0, { what: 'a stream when others have left' })
  idle.close()
}

async function withCrowd(bench: Bench, gateway: ServiceProcess, idle: IdleFollowers): Promise<void> {
  await firstTokenMs(bench)
  const before = await firstTokenMs(bench)
  const refused = await idle.open(gateway, CROWD)
  bench.must(refused.length === 0, `${refused.length} of ${CROWD} followers were refused (${refused[0]})`)
  idle.takePieces()
  const perSecond: number[] = []
  for (let second = 0; second < HEARTBEAT_S; second += 1) {
    await sleep(1000)
    perSecond.push(idle.takePieces())
  }
  const even = CROWD / HEARTBEAT_S
  bench.must(Math.max(...perSecond) < 3 * even, `comment lines come in a burst: ${perSecond.join(' ')}`)
  bench.must(
    perSecond.reduce((sum, one) => sum + one, 0) > 0.8 * CROWD,
    `comment lines are missing: ${perSecond.join(' ')}`,
  )
  const after = await firstTokenMs(bench)
  bench.must(after < 1.5 * before + 100, `a first token took ${before} ms, and ${after} ms beside the crowd`)
  const residentMb = await residentOf(gateway)
  bench.say(`${CROWD} followers: ${residentMb} MB; first token ${before} ms before, ${after} ms beside them`)
  bench.must(residentMb < MAX_RESIDENT_MB, `the gateway takes ${residentMb} MB`)
}

/** Milliseconds from question to first token, the 99th of 100 that are asked at once. */
async function firstTokenMs(bench: Bench): Promise<number> {
  const times = await Promise.all(
    Array.from({ length: ACTIVE }, async () => {
      const startedAt = Date.now()
      const asked = await bench.ask({ tokens: 10, pace: 'interval=20' })
      const status = await bench.untilEnd(asked)
      bench.must(status === 'succeeded', `an answer beside the crowd ended ${status}`)
      const first = asked.follower.record.events.find(({ event }) => event === 'message')
      await bench.closeFollowers([asked])
      return (first?.at ?? Number.POSITIVE_INFINITY) - startedAt
    }),
  )
  return times.sort((a, b) => a - b)[Math.ceil(ACTIVE * 0.99) - 1] ?? 0
}

async function residentOf({ pid }: ServiceProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024)
}

/** Questions are refused once the pages that were begun are full. Such a refusal leaves nothing. */
async function mustRefuseQuestions(bench: Bench): Promise<void> {
  const headers = bench.cluster.accounts.headersOf(bench.id)
  const count = async (): Promise<number> =>
    await bench.withDatabase(async (database) => {
      const [row] = await database.query<{ runs: string }>('select count(*) as runs from runs')
      return Number(row?.runs)
    })
  for (let refused = 0, round = 0; refused < 3; round += 1) {
    bench.must(round < 500, 'five hundred long questions found room on a full disk')
    const before = await count()
    const startedAt = performance.now()
    const json = { message: `${'Long words. '.repeat(2000)} run:filler-${round}`, mode: 'async' }
    const { status } = await sendRequest(`${bench.cluster.urls[0]}/api/chat`, { method: 'POST', json, headers })
    if (status === 202) continue
    const tookMs = performance.now() - startedAt
    bench.must(status === 503, `a question on a full disk got ${status}`)
    bench.must(tookMs < 3000, `its refusal took ${Math.round(tookMs)} ms`)
    bench.must((await count()) === before, 'a refused question left a run')
    refused += 1
  }
}

/** A file that does not fit is refused, and neither a job under way nor a piece of it is left. */
async function mustRefuseUploads(bench: Bench): Promise<void> {
  const rows = async (): Promise<string> =>
    await bench.withDatabase(async (database) => {
      const [row] = await database.query<{ rows: string }>(
        `select (select count(*) from jobs where kind = 'import' and finished_at is null) || ' jobs under way, '
          || (select count(*) from job_files) || ' pieces' as rows`,
      )
      return row?.rows ?? ''
    })
  const before = await rows()
  const json = Array.from({ length: 400 }, (_, at) => ({ title: `Old ${at}`, text: crypto.randomUUID().repeat(200) }))
  const headers = { ...bench.cluster.accounts.headersOf(bench.id), 'idempotency-key': `${bench.id}-upload` }
  const { status } = await sendRequest(`${bench.cluster.urls[0]}/api/import`, { method: 'POST', json, headers })
  bench.must(status === 503, `an upload to a full disk got ${status}`)
  const after = await rows()
  bench.must(after === before, `a refused upload left ${after} where there were ${before}`)
}
