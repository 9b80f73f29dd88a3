import { Readable } from 'node:stream'
import type { JobView } from '@askwire/contracts'
import {
  type AskwireSession,
  type ByteSource,
  createArchiveWriter,
  readArchive,
  toAskwireSession,
} from '@askwire/portability'
import { conversationsFile, createRandom, FILE_FORMATS, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { call } from '../../support/client.ts'
import { importFile } from '../../support/jobs.ts'
import { type Person, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'
import { type Ended, endWithKills, type WorkerProcesses, workerProcesses } from '../../support/worker-processes.ts'

const servers = serversOrSkip()
/** In CI a part of what a heavy user has; `IMPORT_CONVERSATIONS=5000` is all of it, `IMPORT_FORMATS=askwire` one of the formats. */
const CONVERSATIONS = Number(process.env.IMPORT_CONVERSATIONS ?? 240)
const FORMATS = process.env.IMPORT_FORMATS?.split(',') ?? [...FILE_FORMATS, 'askwire']
const IS_HEAVY = CONVERSATIONS >= 1000
const MESSAGES_EACH = 4
/** Long enough for a machine that is busy with other things. */
const PATIENCE_MS = 150_000 + CONVERSATIONS * 50
/** Each costs the start of a process and the end of a lease. */
const KILLS = IS_HEAVY ? 6 : 1

let stack: Stack
let workers: WorkerProcesses

beforeAll(async () => {
  stack = await startStack(servers, { workers: 0 })
  workers = workerProcesses(stack)
}, 60_000)
afterAll(async () => {
  workers.close()
  await stack.close()
}, 60_000)

async function kill(job: JobView, seed: string, auth = stack.auth): Promise<Ended> {
  const random = createRandom(20_260_101).fork(seed)
  const startedAt = performance.now()
  const ended = await endWithKills(workers, {
    ...{ url: stack.urls[0] ?? '', auth, jobId: job.id, kills: KILLS, patienceMs: PATIENCE_MS },
    further: () => random.between(Math.ceil(CONVERSATIONS / 100), Math.floor(CONVERSATIONS / (KILLS + 2))),
  })
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  if (IS_HEAVY) console.error(`${seed}: killed at ${ended.kills}, ${seconds} s, peak ${ended.peakMiB} MiB`)
  return ended
}

/** As many sessions as our own export writes them. */
async function ownArchive(): Promise<Buffer> {
  const chunks: Buffer[] = []
  const archive = createArchiveWriter(async (chunk) => void chunks.push(chunk), { createdAt: new Date(0) })
  for (let at = 0; at < CONVERSATIONS; at += 1) await archive.addSession(ownSession(at))
  await archive.end({ folders: [], documents: [] })
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
  test.each(FORMATS)(
    '%s: nothing is lost and nothing doubled',
    async (format) => {
      const [url = ''] = stack.urls
      const foreign = FILE_FORMATS.find((one) => one === format)
      const { status, body } = foreign
        ? await importFile(url, conversationsFile(foreign, CONVERSATIONS), stack.auth)
        : await importFile(url, await ownArchive(), stack.auth, 'application/zip')
      expect(status).toBe(202)
      const { job } = await kill(body, format)
      expect(job).toMatchObject({ status: 'succeeded', done: CONVERSATIONS })
      expect(job.report).toEqual({ imported: CONVERSATIONS, already: 0, folders: 0, skipped: [], skippedCount: 0 })
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

describe('an export whose worker is killed', () => {
  test(
    'is gone on with: every session once, each as the manifest says',
    async () => {
      const [url = ''] = stack.urls
      const person = await signUp(url, 'heavy@example.com')
      await fill(person.user)
      const asked = await call<JobView>(`${url}/api/export`, { method: 'POST', headers: person.auth })
      const { job } = await kill(asked.body, 'export', person.auth)
      const counted = { sessions: CONVERSATIONS, messages: CONVERSATIONS * MESSAGES_EACH }
      expect(job).toMatchObject({ status: 'succeeded', done: CONVERSATIONS, report: { ...counted, problemCount: 0 } })
      const response = await fetch(`${url}${job.downloadUrl}`, { headers: person.auth })
      const bytes = Buffer.from(await response.arrayBuffer())
      expect(bytes.length).toBe(job.report?.bytes)
      const keys = new Set<string>()
      let messages = 0
      // What is not as the manifest says would be skipped.
      for await (const found of readArchive(sourceOf(bytes))) {
        if (found.kind === 'folders') continue
        if (found.kind !== 'conversation') throw new Error(JSON.stringify(found))
        keys.add(found.conversation.key)
        messages += found.conversation.messages.length
      }
      expect({ sessions: keys.size, messages }).toEqual(counted)
    },
    3 * PATIENCE_MS,
  )
})

const FILLED_AT_ONCE = 200

/** Sessions of a question, two answers and a question, with texts that do not shrink. */
async function fill({ tenantId, id }: Person['user']): Promise<void> {
  const { pool } = stack.deps.store
  await pool.query(
    `insert into sessions (id, tenant_id, user_id, title)
     select gen_random_uuid(), $1, $2, 'Title ' || at from generate_series(1, $3::int) as at`,
    [tenantId, id, CONVERSATIONS],
  )
  // In parts: a statement has a time-out, and words are indexed as they are written.
  for (let done = 0; done < CONVERSATIONS; done += FILLED_AT_ONCE)
    await pool.query(
      `insert into messages (id, tenant_id, user_id, session_id, role, content, created_at)
       select gen_random_uuid(), $1, $2, s.id, case when n in (2, 3) then 'assistant' else 'user' end,
         (select string_agg(md5(s.id::text || n || part), ' ') from generate_series(1, 60) as part), now() + n * interval '1 second'
       from (select id from sessions where user_id = $2 order by id limit $4 offset $5) s cross join generate_series(1, $3::int) as n`,
      [tenantId, id, MESSAGES_EACH, FILLED_AT_ONCE, done],
    )
}

const sourceOf = (bytes: Buffer): ByteSource => ({
  bytes: bytes.length,
  read: (start, end) => Readable.from([bytes.subarray(start, end)], { objectMode: false }),
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
