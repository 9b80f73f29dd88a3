import type { JobView, Page } from '@askwire/contracts'
import { conversationsFile, FILE_FORMATS, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, call, readStream } from '../../support/client.ts'
import { archiveOf, eraseAccount, importFile, jobEnd, untilErased } from '../../support/jobs.ts'
import { signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()

let stack: Stack
let url: string
beforeAll(async () => {
  stack = await startStack(servers)
  url = stack.urls[0] ?? ''
}, 60_000)
afterAll(async () => await stack.close(), 60_000)

/** What a person has, without ids and times of this installation. */
async function holdings(userId: string): Promise<unknown> {
  const { rows } = await stack.deps.store.pool.query(
    `select title, title_source, draft, pinned_at is not null as pinned, archived_at is not null as archived,
       (select name from folders f where f.id = s.folder_id) as folder,
       array(select tag from session_tags t where t.session_id = s.id order by key) as tags,
       (select jsonb_agg(jsonb_build_object('role', role, 'content', content, 'model', model, 'at', date_trunc('milliseconds', m.created_at), 'partial', partial,
           'parent', (select content from messages p where p.id = m.parent_id),
           'feedback', (select jsonb_build_array(rating, reason, comment) from message_feedback f where f.message_id = m.id))
         order by m.created_at, content) from messages m where m.session_id = s.id) as messages
     from sessions s where user_id = $1 order by title, created_at`,
    [userId],
  )
  return rows
}

describe('what people take away', () => {
  test('export, erase and import give the same sessions, messages, branches, tags, folders and feedback', async () => {
    const person = await signUp(url, 'away@example.com')
    for (const format of FILE_FORMATS) {
      const { body } = await importFile(url, conversationsFile(format, 5), person.auth)
      expect((await jobEnd(url, body.id, person.auth)).report).toMatchObject({ imported: 5, already: 0 })
    }
    const accepted = await ask(url, { message: 'What burns in a lighthouse?' }, person.auth)
    await readStream(`${url}/api/sessions/${accepted.sessionId}/events?until=idle`, { headers: person.auth })
    const pool = stack.deps.store.pool
    const { userId, tenantId } = { userId: person.user.id, tenantId: person.user.tenantId }
    await pool.query(`insert into folders (id, tenant_id, user_id, name) values (gen_random_uuid(), $1, $2, 'Lamps')`, [
      tenantId,
      userId,
    ])
    await pool.query(
      `update sessions set title = 'Mine', title_source = 'user', draft = 'and', pinned_at = now(),
         folder_id = (select id from folders where user_id = $1) where id = $2`,
      [userId, accepted.sessionId],
    )
    const before = await holdings(userId)
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
    await untilErased(stack.deps, userId)
    const back = await signUp(url, 'away@example.com')
    const { body } = await importFile(url, bytes, back.auth, 'application/zip')
    expect((await jobEnd(url, body.id, back.auth)).report).toMatchObject({ imported: 21, skippedCount: 0 })
    expect(await holdings(back.user.id)).toEqual(before)
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
