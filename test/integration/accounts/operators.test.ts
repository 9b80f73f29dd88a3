import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createPasswords } from '@askwire/auth'
import { findAccount, migrate, openStore, type Store } from '@askwire/store'
import { createDatabase, serversOrSkip } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

const servers = serversOrSkip()
const root = fileURLToPath(new URL('../../..', import.meta.url))
const passwords = createPasswords()

describe('npm run accounts', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  let store: Store

  beforeAll(async () => {
    database = await createDatabase(servers)
    store = await openStore({
      url: database.url,
      maxConnections: 2,
      acquireTimeoutMs: 20_000,
      statementTimeoutMs: 20_000,
    })
    await migrate(store)
  }, 60_000)
  afterAll(async () => {
    await store?.close()
    await database?.drop()
  })

  async function accounts(args: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
    const child = spawn(process.execPath, ['scripts/run.mjs', 'scripts/accounts.ts', ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, ASKWIRE_DATABASE_URL: database.url },
    })
    child.stdin.end(input)
    const exit = once(child, 'exit')
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
    return { code: (await exit)[0] as number, out, err }
  }
  const opens = async (email: string, password: string): Promise<boolean> =>
    await passwords.verify(password, (await findAccount(store, email))?.passwordHash ?? null)

  test('makes the first account, which owns the installation, with a password that it prints once', async () => {
    const made = await accounts(['create-admin', '--email', 'Root@Example.org', '--name', 'Root'])
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining('root@example.org is an admin and owns') })
    const password = /^password: (\S{24})$/m.exec(made.out)?.[1] ?? ''
    expect(await opens('root@example.org', password)).toBe(true)
    const again = await accounts(['create-admin', '--email', 'root@example.org'])
    expect(again).toMatchObject({ code: 1, out: '', err: 'accounts: There is an account with this address already.\n' })
    expect(await opens('root@example.org', password)).toBe(true)
  }, 60_000)

  test('the next one is an admin and no owner; its password comes from standard input, and is not printed', async () => {
    const refused = await accounts(['create-admin', '--email', 'ada@example.org', '--password-stdin'], 'short\n')
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('password:') })
    const password = 'a horse of another colour'
    const made = await accounts(['create-admin', '--email', 'ada@example.org', '--password-stdin'], `${password}\n`)
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).not.toMatch(/owns|password/)
    expect(await opens('ada@example.org', password)).toBe(true)
    const listed = await accounts(['list'])
    const line = listed.out.split('\n').find((one) => one.includes('ada@example.org'))
    expect(line).toMatch(/ {2}admin {2}/)
    expect(line).not.toContain('owner')
  }, 60_000)

  test('a new password ends every login and takes the second factor away if asked, each recorded as the operator’s', async () => {
    const account = await findAccount(store, 'ada@example.org')
    const [userId, tenantId] = [account?.userId ?? '', account?.tenantId ?? '']
    await store.pool.query(`update users set totp_secret = '\\x00', totp_enabled_at = now() where id = '${userId}'`)
    await store.pool.query(`insert into logins (id, tenant_id, user_id, method, address, agent, expires_at)
      values (gen_random_uuid(), '${tenantId}', '${userId}', 'password', '', '', now() + interval '1 day')`)
    const reset = async (...more: string[]) => await accounts(['reset-password', '--email', 'ada@example.org', ...more])
    const kept = await reset()
    expect(await opens('ada@example.org', /^password: (\S+)$/m.exec(kept.out)?.[1] ?? '')).toBe(true)
    expect((await findAccount(store, 'ada@example.org'))?.totpSecret).not.toBeNull()
    const { rows } = await store.pool.query(`select 1 from logins where user_id = '${userId}' and ended_at is null`)
    expect(rows).toEqual([])
    expect((await reset('--drop-mfa')).code).toBe(0)
    expect((await findAccount(store, 'ada@example.org'))?.totpSecret).toBeNull()
    const recorded = await store.pool.query<{ action: string }>(
      `select action from activities where target_id = '${userId}' and address = 'operator' order by created_at`,
    )
    expect(recorded.rows.map(({ action }) => action)).toEqual([
      'account.register',
      'account.password_reset',
      'account.password_reset',
      'account.mfa_disable',
    ])
  }, 60_000)

  test('says what is wrong: nobody of that address, no command, no database', async () => {
    const nobody = await accounts(['reset-password', '--email', 'nobody@example.org'])
    expect(nobody).toMatchObject({ code: 1, out: '', err: 'accounts: nobody has an account with nobody@example.org\n' })
    expect(await accounts(['promote'])).toMatchObject({ code: 1, out: expect.stringContaining('usage:') })
    expect(await accounts(['list', '--data-dir', '/nowhere/askwire'])).toMatchObject({
      code: 1,
      err: 'accounts: there is no folder /nowhere/askwire\n',
    })
  }, 60_000)
})
