import { randomUUID } from 'node:crypto'
import type { AuditVerification, JobView, SessionView, SignedIn } from '@askwire/contracts'
import { sweepSessions } from '@askwire/runs'
import { findInRedis, serversOrSkip, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, call, openStream, readStream } from '../../support/client.ts'
import { findMarker } from '../../support/find-marker.ts'
import { archiveOf, eraseAccount, importFile, jobEnd, untilErased } from '../../support/jobs.ts'
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

describe('erasing', () => {
  test('a session ends its stream at once and leaves a receipt', async () => {
    const person = await signUp(url, 'one@example.com')
    const { sessionId } = await ask(url, { message: MARKER }, person.auth)
    const stream = await openStream(`${url}/api/sessions/${sessionId}/events`, { headers: person.auth })
    await stream.until('workflow_finished')
    const { job: archive } = await archiveOf(url, person)
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
    expect((await call(`${url}/api/export/${archive.id}/download`, { headers: person.auth })).status).toBe(404)
    expect(await findMarker(stack, MARKER)).toEqual([])
  }, 60_000)

  test('a session in the trash can be erased at once, a foreign one can not', async () => {
    const person = await signUp(url, 'two@example.com')
    const other = await signUp(url, 'three@example.com')
    const { sessionId } = await ask(url, { message: MARKER }, person.auth)
    const path = `${url}/api/sessions/${sessionId}`
    await readStream(`${path}/events?until=idle&after=0-0`, { headers: person.auth })
    expect((await call(path, { method: 'DELETE', headers: person.auth })).status).toBe(204)
    const erase = async ({ auth }: Person) => await call<JobView>(`${path}/erase`, { method: 'POST', headers: auth })
    expect((await erase(other)).status).toBe(404)
    const { status, body } = await erase(person)
    expect(status).toBe(202)
    expect((await jobEnd(url, body.id, person.auth)).report).toMatchObject({ sessions: 1, messages: 2 })
    expect((await erase(person)).status).toBe(404)
    expect(await findMarker(stack, MARKER)).toEqual([])
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
    await archiveOf(url, person)
    const planted = await findMarker(stack, MARKER)
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
    expect(await eraseAccount(url, person)).toBe(202)
    expect((await call<SignedIn>(`${url}/api/auth/me`, { headers: person.auth })).status).toBe(401)
    await untilErased(stack.deps, userId)
    expect(await findMarker(stack, MARKER)).toEqual([])
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

/** A session with the marker in all that hangs on one, also where only an accident leaves it. */
async function plant(person: Person, reader: Person, made: { temporary: boolean }): Promise<string> {
  const { auth, user } = person
  const { pool } = stack.deps.store
  const session = await call<SessionView>(`${url}/api/sessions`, { json: made, headers: auth })
  const sessionId = session.body.id
  const path = `${url}/api/sessions/${sessionId}`
  const { runId, questionId } = await ask(url, { message: `What is ${MARKER}?`, sessionId }, auth)
  await readStream(`${path}/events?until=idle&after=0-0`, { headers: auth })
  const { rows } = await pool.query('select answer_id from runs where id = $1', [runId])
  const comment = { rating: 'down', comment: MARKER }
  const calls: [string, RequestInit & { json: unknown }][] = [
    ['', { method: 'PATCH', json: { title: MARKER, tags: [MARKER], draft: MARKER } }],
    [`/messages/${rows[0].answer_id}/feedback`, { json: comment }],
    ['/share', { json: {} }],
    ['/members', { json: { userId: reader.user.id, access: 'view' } }],
  ]
  for (const [at, init] of calls)
    expect([at, (await call(`${path}${at}`, { ...init, headers: auth })).status < 300]).toEqual([at, true])
  await pool.query(
    `insert into message_summaries (message_id, tenant_id, user_id, session_id, content, model, messages) values ($1, $2, $3, $4, $5, 'rule', 1)`,
    [questionId, user.tenantId, user.id, sessionId, MARKER],
  )
  await pool.query(
    `insert into langgraph.checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint, metadata) values ($1, '', '1', to_jsonb($2::text), '{}')`,
    [runId, MARKER],
  )
  await pool.query(
    `insert into langgraph.checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob) values ($1, '', 'c', '1', 'json', $2::bytea)`,
    [runId, Buffer.from(MARKER)],
  )
  await pool.query(
    `insert into dead_letters (id, fingerprint, reason, message_id, run_id, session_id, tenant_id, user_id, body, body_bytes)
     values ($1::uuid, $1::uuid::text, 'malformed', $2, $3, $4, $5, $6, $7::bytea, 100)`,
    [randomUUID(), MARKER, runId, sessionId, user.tenantId, user.id, Buffer.from(MARKER)],
  )
  return sessionId
}

describe('what is swept', () => {
  test('the trash, temporary sessions and what is not kept any more leave no byte, and no archive of it', async () => {
    const person = await signUp(url, 'swept@example.com')
    const reader = await signUp(url, 'reader@example.com')
    const { pool } = stack.deps.store
    const receipts = async () => (await pool.query('select from erasure_receipts')).rowCount
    const receiptsBefore = await receipts()
    const trash = await plant(person, reader, { temporary: false })
    const temporary = await plant(person, reader, { temporary: true })
    const old = await plant(person, reader, { temporary: false })
    const { job } = await archiveOf(url, person)
    const kept = await ask(url, { message: 'What stays?' }, person.auth)
    await readStream(`${url}/api/sessions/${kept.sessionId}/events?until=idle&after=0-0`, { headers: person.auth })
    expect((await call(`${url}/api/sessions/${trash}`, { method: 'DELETE', headers: person.auth })).status).toBe(204)
    const streams = await Promise.all(
      [temporary, old].map((id) => openStream(`${url}/api/sessions/${id}/events`, { headers: reader.auth })),
    )
    const inRedis = async (id: string) => await findInRedis(stack.env.ASKWIRE_REDIS_URL, id)
    const planted = await findMarker(stack, MARKER)
    for (const place of ['langgraph.checkpoints.checkpoint', 'dead_letters.body', 'shares.snapshot', 'messages.search'])
      expect(planted).toContain(place)
    for (const id of [trash, temporary, old]) expect((await inRedis(id)).length).toBeGreaterThanOrEqual(2)

    await pool.query('update tenants set retention_days = 10 where id = $1', [person.user.tenantId])
    await pool.query(`update sessions set deleted_at = now() - interval '31 days' where id = $1`, [trash])
    await pool.query(`update sessions set updated_at = now() - interval '11 days' where id = any($1)`, [
      [temporary, old],
    ])
    // The stack's own sweep may have been first.
    await sweepSessions(stack.deps, AbortSignal.timeout(30_000))
    const left = async () =>
      (await pool.query('select id from sessions where user_id = $1', [person.user.id])).rows.map(({ id }) => id)
    await waitFor(async () => (await left()).length === 1, { what: 'the sweep' })
    await Promise.all(streams.map(({ closed }) => closed))
    await waitFor(async () => (await inRedis(old)).length === 0, { what: 'the logs to be gone' })

    expect(await left()).toEqual([kept.sessionId])
    expect(await findMarker(stack, MARKER)).toEqual([])
    for (const id of [trash, temporary, old]) expect(await inRedis(id)).toEqual([])
    expect(await inRedis(kept.sessionId)).toHaveLength(1)
    expect((await call(`${url}/api/export/${job.id}/download`, { headers: person.auth })).status).toBe(404)
    expect(await receipts()).toBe(receiptsBefore)
  }, 120_000)
})
