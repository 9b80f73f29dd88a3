import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobView } from '@askwire/contracts'
import { type AskwireSession, toAskwireSession, writeArchive } from '@askwire/portability'
import { conversationsFile, createRandom, FILE_FORMATS, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { call } from '../../support/client.ts'
import { importFile, jobEnd } from '../../support/jobs.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()
/** In CI a part of what a heavy user has; `IMPORT_CONVERSATIONS=5000` is all of it. */
const CONVERSATIONS = Number(process.env.IMPORT_CONVERSATIONS ?? 240)
const MESSAGES_EACH = 4
/** Long enough for a machine that is busy with other things. */
const PATIENCE_MS = 60_000 + CONVERSATIONS * 50
/** Each costs the start of a process and the end of a lease. */
const KILLS = CONVERSATIONS < 1000 ? 1 : 3

let stack: Stack
const processes: ChildProcess[] = []

beforeAll(async () => {
  stack = await startStack(servers, { workers: 0 })
}, 60_000)
afterAll(async () => {
  for (const child of processes) child.kill('SIGKILL')
  await stack.close()
}, 60_000)

/** A worker as a process of its own, which can be killed as a machine is. */
async function startWorker(): Promise<ChildProcess> {
  const child = spawn('node_modules/node/bin/node', ['services/worker/src/main.ts'], {
    env: {
      ...process.env,
      ...stack.env,
      ASKWIRE_PORT: '0',
      ASKWIRE_LOG_LEVEL: 'error',
      ASKWIRE_LEASE_MS: '1500',
      ASKWIRE_AUTO_TITLES: 'false',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  processes.push(child)
  await once(child, 'spawn')
  return child
}

const done = async (jobId: string): Promise<number> =>
  (await call<JobView>(`${stack.urls[0]}/api/jobs/${jobId}`, { headers: stack.auth })).body.done

async function untilDone(jobId: string, count: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while ((await done(jobId)) < count) {
    if (performance.now() > deadline) throw new Error(`the import did not reach ${count}`)
    await sleep(20)
  }
}

/** As many sessions as our own export writes them. */
async function ownArchive(): Promise<Buffer> {
  const sessions = (async function* (): AsyncGenerator<AskwireSession> {
    for (let at = 0; at < CONVERSATIONS; at += 1) yield ownSession(at)
  })()
  const chunks: Buffer[] = []
  for await (const chunk of writeArchive(sessions, { createdAt: new Date(0) })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A question with two answers, of which the second was rated, and a question below it. */
function ownSession(at: number): AskwireSession {
  const time = (n: number): string => new Date(Date.UTC(2025, 0, 1) + at * 60_000 + n * 1000).toISOString()
  const said = (n: number, parent: number | null, role: 'user' | 'assistant') => ({
    id: `m${n}`,
    parentId: parent === null ? null : `m${parent}`,
    role,
    content: `${role} ${at}.${n}: 灯塔 by oil. `.repeat(5),
    createdAt: time(n),
    feedback: n === 3 ? { rating: 'up', reason: null, comment: null } : null,
  })
  return toAskwireSession({
    id: `00000005-0000-7000-8000-${at.toString(16).padStart(12, '0')}`,
    title: `Title ${at}`,
    createdAt: time(0),
    updatedAt: time(30),
    tags: ['work'],
    folder: `Folder ${at % 10}`,
    activeLeafId: 'm4',
    messages: [said(1, null, 'user'), said(2, 1, 'assistant'), said(3, 1, 'assistant'), said(4, 3, 'user')],
  })
}

describe('an import whose worker is killed', () => {
  test.each([...FILE_FORMATS, 'askwire'] as const)(
    '%s: nothing is lost and nothing doubled',
    async (format) => {
      const [url = ''] = stack.urls
      const random = createRandom(20_260_101).fork(format)
      const { status, body: job } =
        format === 'askwire'
          ? await importFile(url, await ownArchive(), stack.auth, 'application/zip')
          : await importFile(url, conversationsFile(format, CONVERSATIONS), stack.auth)
      expect(status).toBe(202)
      let reached = 0
      for (let kill = 0; kill < KILLS; kill += 1) {
        const worker = await startWorker()
        const further = random.between(Math.ceil(CONVERSATIONS / 100), Math.floor(CONVERSATIONS / (KILLS + 2)))
        await untilDone(job.id, reached + further)
        worker.kill('SIGKILL')
        await once(worker, 'exit')
        reached = await done(job.id)
      }
      const worker = await startWorker()
      const ended = await jobEnd(url, job.id, stack.auth, PATIENCE_MS)
      worker.kill('SIGTERM')
      await once(worker, 'exit')
      expect(ended).toMatchObject({ status: 'succeeded', done: CONVERSATIONS })
      expect(ended.report).toEqual({ imported: CONVERSATIONS, already: 0, skipped: [], skippedCount: 0 })
      expect(await counts(format)).toEqual({
        sessions: CONVERSATIONS,
        keys: CONVERSATIONS,
        messages: CONVERSATIONS * MESSAGES_EACH,
        broken: 0,
      })
    },
    3 * PATIENCE_MS,
  )
})

async function counts(format: string): Promise<Record<string, number>> {
  const { rows } = await stack.deps.store.pool.query(
    `select count(*)::int as sessions, count(distinct import_key)::int as keys, sum(m.messages)::int as messages,
       sum(m.broken)::int as broken
     from sessions s cross join lateral (
       select count(*)::int as messages, count(*) filter (where parent_id is null and role <> 'user')::int as broken
       from messages where session_id = s.id) m
     where import_key like $1`,
    [`${format}:%`],
  )
  return rows[0]
}
