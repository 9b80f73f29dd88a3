import { newId } from '@askwire/contracts'
import { serversOrSkip } from '@askwire/testing'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Answer, call } from '../../support/client.ts'
import { NOBODY } from '../../support/sign-ins.ts'
import { PASSWORD } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()

describe('the first account', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await startStack(servers, { gateways: 2, workers: 0, account: false, settings: { REGISTRATION: 'invite' } })
  }, 60_000)
  afterEach(async () => await stack.close(), 60_000)

  const register = (
    email: string,
    at = 0,
    more: Record<string, string> = {},
  ): Promise<Answer<{ user: { owner: boolean } }>> =>
    call(`${stack.urls[at % 2]}/api/auth/register`, {
      json: { email, password: PASSWORD, name: 'Somebody', ...more },
      headers: NOBODY,
    })
  const countUsers = async (): Promise<number> =>
    Number(
      (await stack.deps.store.pool.query('select count(*) from users where registered_at is not null')).rows[0].count,
    )

  test('there is no trial over real servers, and nothing without an account', async () => {
    const options = await call(`${stack.urls[0]}/api/auth/options`, { headers: NOBODY })
    expect(options.body).toEqual({ registration: 'invite', firstAccount: true, trial: false, oidc: null })
    expect((await call(`${stack.urls[0]}/api/auth/me`, { headers: NOBODY })).status).toBe(401)
  })

  test('50 who register the same address at once make one account', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => register('one@example.com', at)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(await countUsers()).toBe(1)
  }, 60_000)

  test('of 20 who register first, one owns the installation and the others need an invitation', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => register(`${at}@example.com`, at)))
    const made = answers.filter(({ status }) => status === 201)
    expect(made).toHaveLength(1)
    expect(made[0]?.body.user.owner).toBe(true)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 403]))
    expect(await countUsers()).toBe(1)
  }, 60_000)

  test('50 uses of one invitation make one account, in its tenant and role', async () => {
    await register('owner@example.com')
    const { pool } = stack.deps.store
    const { rows } = await pool.query(`select id, tenant_id from roles where built_in = 'user'`)
    const { createHash, randomBytes } = await import('node:crypto')
    const invitation = randomBytes(32).toString('base64url')
    await pool.query(
      `insert into invitations (id, tenant_id, hash, role_id, expires_at) values ($1, $2, $3, $4, now() + interval '1 day')`,
      [newId(), rows[0].tenant_id, createHash('sha256').update(invitation).digest(), rows[0].id],
    )
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => register(`guest${at}@example.com`, at, { invitation })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 410]))
    expect(await countUsers()).toBe(2)
    const unknown = randomBytes(32).toString('base64url')
    expect((await register('x@example.com', 0, { invitation: unknown })).status).toBe(404)
  }, 60_000)
})
