import { type AuditVerification, type JobView, type Page, type SignedIn, topology } from '@askwire/contracts'
import { conversationsFile, FILE_FORMATS, findInRedis, serversOrSkip, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, call, openStream, readStream } from '../../support/client.ts'
import { importFile, jobEnd } from '../../support/jobs.ts'
import { PASSWORD, type Person, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()
const MARKER = 'zqmarkerzq'

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

async function archiveOf(person: Person): Promise<{ job: JobView; bytes: Buffer; response: Response }> {
  const { status, body } = await call<JobView>(`${url}/api/export`, { method: 'POST', headers: person.auth })
  expect(status).toBe(202)
  const job = await jobEnd(url, body.id, person.auth)
  expect(job).toMatchObject({ status: 'succeeded', downloadUrl: `/api/export/${body.id}/download` })
  const response = await fetch(`${url}${job.downloadUrl}`, { headers: person.auth })
  return { job, bytes: Buffer.from(await response.arrayBuffer()), response }
}

const eraseAccount = async (person: Person): Promise<number> =>
  (await call(`${url}/api/auth/me/erase`, { json: { password: PASSWORD }, headers: person.auth })).status

async function untilErased(userId: string): Promise<void> {
  const deadline = performance.now() + 30_000
  const there = async () => (await stack.deps.store.pool.query('select from users where id = $1', [userId])).rowCount
  while ((await there()) !== 0) {
    if (performance.now() > deadline) throw new Error('the account was not erased')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
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
    const { bytes, response } = await archiveOf(person)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/zip',
      'x-content-type-options': 'nosniff',
      'content-disposition': expect.stringContaining('attachment'),
    })
    // While it is all there, nothing is imported a second time.
    const again = await importFile(url, bytes, person.auth, 'application/zip')
    expect((await jobEnd(url, again.body.id, person.auth)).report).toMatchObject({ imported: 0, already: 21 })

    expect(await eraseAccount(person)).toBe(202)
    await untilErased(userId)
    const back = await signUp(url, 'away@example.com')
    const { body } = await importFile(url, bytes, back.auth, 'application/zip')
    expect((await jobEnd(url, body.id, back.auth)).report).toMatchObject({ imported: 21, skippedCount: 0 })
    expect(await holdings(back.user.id)).toEqual(before)
  }, 120_000)

  test("an archive is its owner's alone, and one that was stopped is none", async () => {
    const person = await signUp(url, 'owner2@example.com')
    const other = await signUp(url, 'other2@example.com')
    const { job } = await archiveOf(person)
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

describe('erasing', () => {
  test('a session ends its stream at once and leaves a receipt', async () => {
    const person = await signUp(url, 'one@example.com')
    const { sessionId } = await ask(url, { message: MARKER }, person.auth)
    const stream = await openStream(`${url}/api/sessions/${sessionId}/events`, { headers: person.auth })
    await stream.until('workflow_finished')
    const { status, body } = await call<JobView>(`${url}/api/sessions/${sessionId}/erase`, {
      method: 'POST',
      headers: person.auth,
    })
    expect(status).toBe(202)
    await stream.closed
    expect(await jobEnd(url, body.id, person.auth)).toMatchObject({
      status: 'succeeded',
      report: { sessions: 1, messages: 2 },
    })
    expect((await call(`${url}/api/sessions/${sessionId}/messages`, { headers: person.auth })).status).toBe(404)
    const { rows } = await stack.deps.store.pool.query(
      `select kind, counts from erasure_receipts where kind = 'session'`,
    )
    expect(rows).toMatchObject([{ kind: 'session', counts: { messages: 2 } }])
    expect(await findMarker()).toEqual([])
  }, 60_000)

  test('an account leaves no byte of what was in it', async () => {
    const person = await signUp(url, `${MARKER}@example.com`)
    const { id: userId, tenantId } = person.user
    const { pool } = stack.deps.store
    const { sessionId } = await ask(url, { message: `What is ${MARKER}?` }, person.auth)
    await readStream(`${url}/api/sessions/${sessionId}/events?until=idle`, { headers: person.auth })
    await call(`${url}/api/sessions/${sessionId}`, {
      method: 'PATCH',
      json: { title: MARKER, tags: [MARKER], draft: MARKER },
      headers: person.auth,
    })
    await call(`${url}/api/folders`, { json: { name: MARKER }, headers: person.auth })
    await call(`${url}/api/sessions/${sessionId}/share`, { json: {}, headers: person.auth })
    await pool.query(
      `with c as (insert into collections (id, tenant_id, user_id, name) values (gen_random_uuid(), $1, $2, $3) returning id)
       insert into documents (id, tenant_id, user_id, collection_id, name, source, media_type, bytes, content_hash, indexed_as, text, visible)
       select gen_random_uuid(), $1, $2, id, $3, $3, 'text/plain', 1, '', '', $3, true from c`,
      [tenantId, userId, MARKER],
    )
    const file = JSON.stringify([
      { uuid: MARKER, name: MARKER, chat_messages: [{ uuid: 'a', sender: 'human', text: MARKER }] },
    ])
    const { body } = await importFile(url, file, person.auth)
    await jobEnd(url, body.id, person.auth)
    await archiveOf(person)
    const planted = await findMarker()
    for (const place of [
      'messages.content',
      'sessions.title',
      'sessions.draft',
      'session_tags.tag',
      'documents.text',
      'users.email',
    ])
      expect(planted).toContain(place)

    const inRedis = async () =>
      (await Promise.all([sessionId, userId].map((id) => findInRedis(stack.env.ASKWIRE_REDIS_URL, id)))).flat()
    expect((await inRedis()).length).toBeGreaterThanOrEqual(2)
    expect(await eraseAccount(person)).toBe(202)
    expect((await call<SignedIn>(`${url}/api/auth/me`, { headers: person.auth })).status).toBe(401)
    await untilErased(userId)
    expect(await findMarker()).toEqual([])
    expect(await inRedis()).toEqual([])
    const { rows } = await pool.query(
      `select counts from erasure_receipts where kind = 'account' order by created_at desc limit 1`,
    )
    expect(rows[0].counts).toMatchObject({ sessions: 2, documents: 1 })
    const audit = await call<AuditVerification>(`${url}/api/audit/verify`, { headers: stack.auth })
    expect(audit).toMatchObject({ status: 200, body: { ok: true } })
  }, 120_000)

  test('takes the password, and the last owner stays while there are others', async () => {
    const person = await signUp(url, 'stays@example.com')
    const wrong = { json: { password: 'not the right one' }, headers: person.auth }
    expect((await call(`${url}/api/auth/me/erase`, wrong)).status).toBe(403)
    const owner = { json: { password: PASSWORD }, headers: stack.auth }
    expect((await call(`${url}/api/auth/me/erase`, owner)).status).toBe(409)
  }, 60_000)
})

/** Every column of every table that holds the marker, every key of Redis, and every queue with a message: bodies hold ids only, and nothing waits. */
async function findMarker(): Promise<string[]> {
  const { pool } = stack.deps.store
  const { rows: columns } = await pool.query(
    `select format('%I.%I', table_schema, table_name) as place, column_name as name, data_type as type
     from information_schema.columns join pg_class on oid = format('%I.%I', table_schema, table_name)::regclass
     where table_schema not in ('pg_catalog', 'information_schema') and relkind in ('r', 'p') and relispartition = false
       and data_type in ('text', 'jsonb', 'bytea', 'ARRAY', 'tsvector', 'USER-DEFINED')`,
  )
  const found: string[] = []
  for (const { place, name, type } of columns) {
    const text = type === 'bytea' ? `encode("${name}", 'escape')` : `"${name}"::text`
    const { rows } = await pool.query(
      `select exists (select from ${place} where position($1 in ${text}) > 0) as there`,
      [MARKER],
    )
    if (rows[0].there) found.push(`${place.replace('public.', '')}.${name}`)
  }
  for (const key of await findInRedis(stack.env.ASKWIRE_REDIS_URL, MARKER)) found.push(`redis ${key}`)
  return [...found, ...(await queuesInUse())]
}

/** Queues that are not empty in the end. */
async function queuesInUse(): Promise<string[]> {
  const names = topology().queues.map(({ name }) => name)
  const depth = async () => await Promise.all(names.map((name) => stack.deps.broker.inspect(name)))
  await waitFor(async () => (await depth()).every(({ messages }) => messages === 0), { what: 'empty queues' })
  return []
}
