import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FolderView, JobView, MessageView, Page } from '@askwire/contracts'
import { conversationsFile, FILE_FORMATS, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, call, readStream } from '../../support/client.ts'
import { archiveOf, eraseAccount, importFile, jobEnd, untilErased } from '../../support/jobs.ts'
import { type Person, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()

let stack: Stack
let url: string
beforeAll(async () => {
  stack = await startStack(servers)
  url = stack.urls[0] ?? ''
}, 60_000)
afterAll(async () => await stack.close(), 60_000)

/** What a person has, without ids of this installation: places in the tree by what stands there. */
async function holdings({
  user,
  auth,
}: Person): Promise<{ sessions: unknown[]; stats: unknown; folders: string[]; tags: unknown }> {
  const { rows } = await stack.deps.store.pool.query(
    `select s.id, title, title_source, draft, pinned_at is not null as pinned, archived_at is not null as archived,
       date_trunc('milliseconds', created_at) as created, date_trunc('milliseconds', updated_at) as updated,
       (select name from folders f where f.id = s.folder_id) as folder,
       array(select tag from session_tags t where t.session_id = s.id order by key) as tags,
       (select jsonb_agg(jsonb_build_object('role', role, 'content', m.content, 'model', m.model, 'partial', partial,
           'at', date_trunc('milliseconds', m.created_at), 'usage', usage, 'finish', finish_reason, 'resources', resources,
           'above', (select jsonb_build_array(role, content, date_trunc('milliseconds', p.created_at)) from messages p where p.id = m.parent_id),
           'feedback', (select jsonb_build_array(rating, reason, comment, date_trunc('milliseconds', f.created_at)) from message_feedback f where f.message_id = m.id),
           'summary', (select jsonb_build_array(s.content, s.model, s.messages) from message_summaries s where s.message_id = m.id))
         order by m.created_at, m.content) from messages m where m.session_id = s.id) as messages
     from sessions s where user_id = $1 order by title, created_at`,
    [user.id],
  )
  const sessions = []
  for (const { id, ...session } of rows) {
    const { body } = await call<Page<MessageView>>(`${url}/api/sessions/${id}/messages?branch=active&limit=100`, {
      headers: auth,
    })
    const open = body.items.map(({ content, siblings }) => [content, siblings?.index, siblings?.ids.length])
    sessions.push({ ...session, open })
  }
  const read = async <T>(path: string): Promise<T> => (await call<T>(`${url}${path}`, { headers: auth })).body
  const { items } = await read<{ items: FolderView[] }>('/api/folders')
  const folders = items.map(({ name, sessions: count }) => `${name} ${count}`)
  return { sessions, stats: await read('/api/feedback/stats'), folders, tags: await read('/api/tags') }
}

/** A session in which everything there is has been used: branches, all marks, feedback, a summary, an answer with its source. */
async function wellUsed({ auth, user }: Person): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'askwire-away-'))
  await writeFile(join(folder, 'lamp.md'), 'A lighthouse burns oil from whales.')
  await stack.index(folder, { tenantId: user.tenantId, userId: user.id })
  await rm(folder, { recursive: true })
  const headers = auth
  const { sessionId, questionId } = await ask(url, { message: 'What burns in a lighthouse?' }, auth)
  const path = `${url}/api/sessions/${sessionId}`
  const done = async (): Promise<unknown> => await readStream(`${path}/events?until=idle&after=0-0`, { headers })
  await done()
  const post = async <T>(at: string, json: unknown, method = 'POST'): Promise<T> => {
    const { status, body } = await call<T>(`${url}${at}`, { method, json, headers })
    if (status >= 300) throw new Error(`${method} ${at}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  const inside = `/api/sessions/${sessionId}`
  await post(`${inside}/messages/${questionId}`, { content: 'And in a lantern?' }, 'PATCH')
  await done()
  await post(`${inside}/messages/${questionId}/regenerate`, {})
  await done()
  const { items } = (await call<Page<MessageView>>(`${path}/messages?limit=100`, { headers })).body
  const answers = items.filter(({ role }) => role === 'assistant')
  expect(answers.some(({ resources }) => resources.length > 0)).toBe(true)
  await post(`${inside}/messages/${answers[0]?.id}/feedback`, { rating: 'down', reason: 'wrong', comment: 'no' })
  await post(`${inside}/messages/${answers[1]?.id}/feedback`, { rating: 'up' })
  await stack.deps.store.pool.query(
    `insert into message_summaries (message_id, tenant_id, user_id, session_id, run_id, content, model, messages)
     select id, tenant_id, user_id, session_id, run_id, 'It was about oil.', 'offline', 2 from messages where id = $1`,
    [answers[2]?.id],
  )
  const { id: folderId } = await post<FolderView>('/api/folders', { name: 'Lamps' })
  const marks = { title: 'Mine', tags: ['Light', 'oil'], pinned: true, archived: true, folderId, draft: 'and' }
  await post(inside, { ...marks, activeLeafId: answers[2]?.id }, 'PATCH')
}

describe('what people take away', () => {
  test('export, erase and import give the same sessions: messages, branches, tags, folders, pins, archive, drafts, feedback, summaries', async () => {
    const person = await signUp(url, 'away@example.com')
    for (const format of FILE_FORMATS) {
      const { body } = await importFile(url, conversationsFile(format, 5), person.auth)
      expect((await jobEnd(url, body.id, person.auth)).report).toMatchObject({ imported: 5, already: 0 })
    }
    await wellUsed(person)
    const before = await holdings(person)
    expect(before).toMatchObject({ stats: { down: 1 }, folders: ['Lamps 1'] })
    const { bytes, response } = await archiveOf(url, person)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/zip',
      'x-content-type-options': 'nosniff',
      'content-disposition': expect.stringContaining('attachment'),
    })
    // While it is all there, nothing is imported a second time.
    const again = await importFile(url, bytes, person.auth, 'application/zip')
    expect((await jobEnd(url, again.body.id, person.auth)).report).toMatchObject({ imported: 0, already: 21 })

    expect(await eraseAccount(url, person)).toBe(202)
    await untilErased(stack.deps, person.user.id)
    const back = await signUp(url, 'away@example.com')
    const { body } = await importFile(url, bytes, back.auth, 'application/zip')
    expect((await jobEnd(url, body.id, back.auth)).report).toMatchObject({ imported: 21, skippedCount: 0 })
    expect(await holdings(back)).toEqual(before)
  }, 120_000)

  test("an archive is its owner's alone, and one that was stopped is none", async () => {
    const person = await signUp(url, 'owner2@example.com')
    const other = await signUp(url, 'other2@example.com')
    const { job } = await archiveOf(url, person)
    for (const path of [`/api/jobs/${job.id}`, `/api/export/${job.id}/download`])
      expect((await call(`${url}${path}`, { headers: other.auth })).status).toBe(404)
    expect((await call(`${url}/api/jobs/${job.id}`, { method: 'DELETE', headers: other.auth })).status).toBe(404)
    const { body } = await call<Page<JobView>>(`${url}/api/export`, { headers: person.auth })
    expect(body.items.map(({ id }) => id)).toEqual([job.id])
    expect((await call<Page<JobView>>(`${url}/api/jobs`, { headers: other.auth })).body.items).toEqual([])
  }, 60_000)

  test('what is no export is told so, and too much is refused', async () => {
    const person = await signUp(url, 'wrong@example.com')
    const { body } = await importFile(url, 'hello', person.auth)
    expect(await jobEnd(url, body.id, person.auth)).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_request' },
    })
    expect((await importFile(url, '[]', person.auth, 'text/plain')).status).toBe(415)
    expect((await importFile(url, '', person.auth)).status).toBe(400)
  }, 60_000)
})
