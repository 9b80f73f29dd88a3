import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExportReport, FolderView, JobView, MessageView, Page } from '@askwire/contracts'
import { conversationsFile, FILE_FORMATS, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, call, readStream } from '../../support/client.ts'
import { holdings } from '../../support/holdings.ts'
import { archiveOf, eraseAccount, importFile, jobEnd, untilErased } from '../../support/jobs.ts'
import { type Person, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'
import { zipEntry } from '../../support/zip-entry.ts'

const servers = serversOrSkip()
const LAMP = 'A lighthouse burns oil from whales.'

let stack: Stack
let url: string
beforeAll(async () => {
  stack = await startStack(servers)
  url = stack.urls[0] ?? ''
}, 60_000)
afterAll(async () => await stack.close(), 60_000)

/**
 * A session in which everything there is has been used: branches, all marks, feedback, a summary, an answer with its source, one that failed, a
 * document asked about; a fork of it; a folder with nothing in it.
 */
async function wellUsed({ auth, user }: Person): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'askwire-away-'))
  await writeFile(join(folder, 'lamp.md'), LAMP)
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
  await stack.deps.store.pool.query(
    `update runs set status = 'failed', error = '{"code": "model_failed", "message": "It failed.", "retryable": false}' where answer_id = $1`,
    [answers[2]?.id],
  )
  await stack.deps.store.pool.query(
    'update messages set attachments = array(select id from documents where user_id = $1) where id = $2',
    [user.id, questionId],
  )
  await post(`${inside}/fork`, { messageId: answers[0]?.id, branches: 'all' })
  for (const name of ['Empty', 'two  spaces']) await post('/api/folders', { name })
}

describe('what people take away', () => {
  test('export, erase and import give the same sessions: messages, branches, tags, folders, marks, feedback, and what was shown of each answer', async () => {
    const person = await signUp(url, 'away@example.com')
    for (const format of FILE_FORMATS) {
      const { body } = await importFile(url, conversationsFile(format, 5), person.auth)
      expect((await jobEnd(url, body.id, person.auth)).report).toMatchObject({ imported: 5, already: 0 })
    }
    await wellUsed(person)
    const before = await holdings(stack, person)
    expect(before).toMatchObject({ stats: { down: 1 }, folders: [{ name: 'Empty' }, { name: 'Lamps' }, {}] })
    const { job, bytes, response } = await archiveOf(url, person)
    expect(job.report).toMatchObject({ sessions: 22, folders: 3, documents: 1, problems: [], problemCount: 0 })
    expect(JSON.parse(zipEntry(bytes, 'documents.json'))).toEqual([
      {
        ...{ id: expect.any(String), name: 'lamp.md', source: 'lamp.md', collection: expect.any(String) },
        ...{ mediaType: 'text/markdown', bytes: LAMP.length, addedAt: expect.any(String) },
        sha256: createHash('sha256').update(LAMP).digest('hex'),
      },
    ])
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/zip',
      'x-content-type-options': 'nosniff',
      'content-disposition': expect.stringContaining('attachment'),
    })
    // While it is all there, nothing is imported a second time.
    const again = await importFile(url, bytes, person.auth, 'application/zip')
    expect((await jobEnd(url, again.body.id, person.auth)).report).toMatchObject({
      imported: 0,
      already: 22,
      folders: 0,
    })

    expect(await eraseAccount(url, person)).toBe(202)
    await untilErased(stack.deps, person.user.id)
    const back = await signUp(url, 'away@example.com')
    const { body } = await importFile(url, bytes, back.auth, 'application/zip')
    expect((await jobEnd(url, body.id, back.auth)).report).toMatchObject({ imported: 22, folders: 3, skippedCount: 0 })
    expect(await holdings(stack, back)).toEqual(before)
  }, 120_000)

  test('a session that cannot be carried costs no other, and is named in the report and in the manifest', async () => {
    const person = await signUp(url, 'odd@example.com')
    const { pool } = stack.deps.store
    const made = async (): Promise<string> => {
      const { sessionId } = await ask(url, { message: 'What burns in a lighthouse?' }, person.auth)
      await readStream(`${url}/api/sessions/${sessionId}/events?until=idle&after=0-0`, { headers: person.auth })
      return sessionId
    }
    const [good, odd, unreadable] = [await made(), await made(), await made()]
    // What an older version may have written, and what only an accident does.
    await pool.query(
      `update messages set usage = '{"inputTokens": 0.5}', finish_reason = 'tired' where session_id = $1 and role = 'assistant'`,
      [odd],
    )
    await pool.query(`update sessions set created_at = 'infinity' where id = $1`, [unreadable])
    const { job, bytes } = await archiveOf(url, person)
    const fields = 'messages.finishReason, messages.usage'
    const problems: ExportReport['problems'] = [
      {
        ...{ sessionId: odd, outcome: 'reduced', code: 'fields_left_out', params: { fields } },
        why: `What does not fit the format was left out: ${fields}.`,
      },
      {
        ...{ sessionId: unreadable, outcome: 'left_out', code: 'unreadable', params: {} },
        why: 'It could not be read.',
      },
    ]
    expect(job.report).toMatchObject({ sessions: 2, messages: 4, problems, problemCount: 2 })
    expect(JSON.parse(zipEntry(bytes, 'manifest.json'))).toMatchObject({ sessions: 2, problems, problemCount: 2 })
    expect(JSON.parse(zipEntry(bytes, `sessions/${good}.json`))).toMatchObject({ leftOut: [] })
    const alone = await call(`${url}/api/sessions/${odd}/export?format=json`, { headers: person.auth })
    expect(alone).toMatchObject({ status: 200, body: { leftOut: fields.split(', ') } })
    const other = await signUp(url, 'takes@example.com')
    const { body } = await importFile(url, bytes, other.auth, 'application/zip')
    expect((await jobEnd(url, body.id, other.auth)).report).toMatchObject({ imported: 2, skippedCount: 0 })
  }, 60_000)

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
      error: { code: 'invalid_request', reason: { code: 'not_json', why: 'The file is not JSON.' } },
    })
    expect((await importFile(url, '[]', person.auth, 'text/plain')).status).toBe(415)
    expect((await importFile(url, '', person.auth)).status).toBe(400)
  }, 60_000)

  test('S27: what is made of a thousand things that are no conversations is counted, of more than any export has refused', async () => {
    const person = await signUp(url, 'many@example.com')
    const [conversation] = JSON.parse(String(conversationsFile('chatgpt', 1))) as unknown[]
    const some = await importFile(url, JSON.stringify([...Array(1000).fill(1), conversation]), person.auth)
    expect((await jobEnd(url, some.body.id, person.auth)).report).toMatchObject({ imported: 1, skippedCount: 1000 })
    const many = await importFile(url, JSON.stringify(Array(50_000).fill(1)), person.auth)
    expect(await jobEnd(url, many.body.id, person.auth)).toMatchObject({
      status: 'failed',
      error: { reason: { code: 'too_much_else' } },
    })
  }, 60_000)
})
