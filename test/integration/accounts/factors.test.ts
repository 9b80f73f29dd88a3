import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { totpCode, totpStep } from '@askwire/auth'
import type { BackupCodes, ErrorBody, MfaSetup, SignedIn } from '@askwire/contracts'
import { serversOrSkip, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Answer, call } from '../../support/client.ts'
import { fromBase32 } from '../../support/from-base32.ts'
import { NOBODY } from '../../support/sign-ins.ts'
import { PASSWORD, type Person, signIn, signUp } from '../../support/sign-up.ts'
import { type Stack, startStack } from '../../support/stack.ts'

const servers = serversOrSkip()
/** The second replica believes what it knows for longer than any test takes: only news can have told it. */
const NEWS_ALONE_MS = 600_000
const NEW_PASSWORD = 'another horse battery'
type Result = Answer<SignedIn & BackupCodes & MfaSetup & ErrorBody>

describe('passwords and second factors', () => {
  let stack: Stack
  let url: string

  beforeAll(async () => {
    stack = await startStack(servers, { gateways: 2, workers: 0, recheckMs: [undefined, NEWS_ALONE_MS] })
    url = stack.urls[0] ?? ''
  }, 60_000)
  afterAll(async () => await stack.close(), 60_000)

  const at = (index: number): string => stack.urls[index % 2] ?? ''
  const post = (path: string, json: unknown, person?: Pick<Person, 'auth'>, to = url): Promise<Result> =>
    call(`${to}/api/auth/${path}`, { json, headers: person?.auth ?? NOBODY })
  const login = (email: string, more: Record<string, string> = {}, to = url): Promise<Result> =>
    post('login', { email, password: PASSWORD, ...more }, undefined, to)
  const status = async (person: Pick<Person, 'auth'>, to = url): Promise<number> =>
    (await call(`${to}/api/auth/me`, { headers: person.auth })).status
  const successes = (answers: Result[]): number => answers.filter((answer) => answer.status === 200).length

  /** The secret of the newest mail to somebody. */
  const mailedSecret = async (email: string, count: number): Promise<string> =>
    await waitFor(
      async () => {
        const mails = await Promise.all(
          (await readdir(stack.outbox)).sort().map((name) => readFile(join(stack.outbox, name), 'utf8')),
        )
        const mine = mails.filter((mail) => mail.includes(`To: ${email}`))
        // Long lines are folded by `=` at their end.
        const text = (mine.length >= count ? mine.at(-1) : '')?.replaceAll('=\n', '').replaceAll('=3D', '=') ?? ''
        return /#token=([\w-]{43})/.exec(text)?.[1]
      },
      { what: `mail ${count} to ${email}` },
    )

  /** A code that was not used yet: those of one authenticator are used in order, one step early, now, one step late. */
  const codes = (secret: string): (() => string) => {
    let step = 0
    return () => {
      step = Math.max(step + 1, totpStep(Date.now()) - 1)
      return totpCode(fromBase32(secret), step)
    }
  }
  const enrol = async (person: Person): Promise<{ next: () => string; backup: string[]; secret: string }> => {
    const setup = await post('mfa/setup', { password: PASSWORD }, person)
    expect(setup.status).toBe(200)
    const next = codes(setup.body.secret)
    const confirmed = await post('mfa/confirm', { code: next() }, person)
    expect(confirmed.status).toBe(200)
    return { next, backup: confirmed.body.backupCodes, secret: setup.body.secret }
  }

  test('a new password takes the old one, and ends the other logins everywhere', async () => {
    const ann = await signUp(url, 'ann@example.com')
    const phone = await signIn(url, 'ann@example.com')
    expect(await status(phone, at(1))).toBe(200)
    const change = (json: unknown): Promise<Result> => post('password', json, ann)
    expect((await change({ newPassword: NEW_PASSWORD })).status).toBe(403)
    expect((await change({ currentPassword: 'wrong password', newPassword: NEW_PASSWORD })).status).toBe(403)
    expect((await change({ currentPassword: PASSWORD, newPassword: 'short' })).status).toBe(400)
    expect((await change({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD })).status).toBe(200)
    expect(await status(ann)).toBe(200)
    expect(await status(phone)).toBe(401)
    await waitFor(async () => (await status(phone, at(1))) === 401, {
      what: 'the other replica to know',
    })
    expect((await login('ann@example.com')).status).toBe(401)
    expect((await login('ann@example.com', { password: NEW_PASSWORD })).status).toBe(200)
  })

  test('a forgotten password: the same answer for anyone, a link that works once and ends all logins', async () => {
    const bob = await signUp(url, 'bob@example.com')
    const forgot = (email: string): Promise<Result> => post('password/forgot', { email })
    const [known, unknown] = [await forgot('bob@example.com'), await forgot('nobody@example.com')]
    expect([known.status, unknown.status]).toEqual([202, 202])
    expect(known.body).toEqual(unknown.body)
    const token = await mailedSecret('bob@example.com', 1)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        post('password/reset', { token, newPassword: `${NEW_PASSWORD} ${index}` }, undefined, at(index)),
      ),
    )
    expect(successes(answers)).toBe(1)
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 410]))
    const winner = answers.findIndex((answer) => answer.status === 200)
    expect((await login('bob@example.com', { password: `${NEW_PASSWORD} ${winner}` })).status).toBe(200)
    expect((await login('bob@example.com')).status).toBe(401)
    expect(await status(bob)).toBe(401)
    expect((await post('refresh', { refreshToken: bob.refreshToken })).status).toBe(401)
    const { rows } = await stack.deps.store.pool.query('select hash from password_resets')
    expect(JSON.stringify(rows)).not.toContain(token)
  }, 60_000)

  test('links end with the password they were for, and after 15 minutes', async () => {
    await signUp(url, 'carl@example.com')
    await post('password/forgot', { email: 'carl@example.com' })
    const first = await mailedSecret('carl@example.com', 1)
    await post('password/forgot', { email: 'carl@example.com' })
    const second = await mailedSecret('carl@example.com', 2)
    expect((await post('password/reset', { token: second, newPassword: NEW_PASSWORD })).status).toBe(200)
    expect((await post('password/reset', { token: first, newPassword: NEW_PASSWORD })).status).toBe(410)
    await post('password/forgot', { email: 'carl@example.com' })
    const third = await mailedSecret('carl@example.com', 3)
    await stack.deps.store.pool.query('update password_resets set expires_at = clock_timestamp() where used_at is null')
    expect((await post('password/reset', { token: third, newPassword: NEW_PASSWORD })).status).toBe(410)
  })

  test('a second factor: enrolled by a code, asked for at sign-in, each code once', async () => {
    const dora = await signUp(url, 'dora@example.com')
    expect((await post('mfa/setup', {}, dora)).status).toBe(403)
    expect((await post('mfa/confirm', { code: '123456' }, dora)).status).toBe(409)
    const { next, backup, secret } = await enrol(dora)
    expect(new Set(backup).size).toBe(10)
    const { rows } = await stack.deps.store.pool.query('select totp_secret from users where id = $1', [dora.user.id])
    expect((rows[0].totp_secret as Buffer).includes(Buffer.from(fromBase32(secret)))).toBe(false)

    const without = await login('dora@example.com')
    expect([without.status, without.body.error.code]).toEqual([401, 'mfa_required'])
    expect((await login('dora@example.com', { password: 'wrong password', code: next() })).body.error.code).toBe(
      'unauthenticated',
    )
    expect((await login('dora@example.com', { code: '000000' })).status).toBe(401)
    const code = next()
    const many = await Promise.all(
      Array.from({ length: 50 }, (_, index) => login('dora@example.com', { code }, at(index))),
    )
    expect(successes(many)).toBe(1)
    expect((await login('dora@example.com', { code: backup[0]?.toUpperCase() ?? '' })).status).toBe(200)
    expect((await login('dora@example.com', { code: backup[0] ?? '' })).status).toBe(401)
    const raced = await Promise.all(
      Array.from({ length: 50 }, (_, index) => login('dora@example.com', { code: backup[1] ?? '' }, at(index))),
    )
    expect(successes(raced)).toBe(1)
    expect((await call<SignedIn['user']>(`${url}/api/auth/me`, { headers: dora.auth })).body).toMatchObject({
      mfaEnabled: true,
      backupCodesLeft: 8,
    })
  }, 60_000)

  test('every change to the factor, and a new password, takes the password and a fresh code', async () => {
    const eva = await signUp(url, 'eva@example.com')
    const { backup } = await enrol(eva)
    const [setup, renew, change, disable] = backup
    for (const path of ['mfa/setup', 'password']) {
      const json =
        path === 'password' ? { currentPassword: PASSWORD, newPassword: NEW_PASSWORD } : { password: PASSWORD }
      expect((await post(path, json, eva)).body.error.code).toBe('mfa_required')
      expect((await post(path, { ...json, code: '000000' }, eva)).status).toBe(403)
    }
    for (const path of ['mfa/disable', 'mfa/backup-codes']) {
      expect((await post(path, { password: PASSWORD, code: '000000' }, eva)).status).toBe(403)
      expect((await post(path, { code: disable }, eva)).status).toBe(403)
      expect((await post(path, { password: PASSWORD }, eva)).status).toBe(400)
    }
    expect((await post('mfa/setup', { password: PASSWORD, code: setup }, eva)).status).toBe(200)
    expect((await post('mfa/setup', { password: PASSWORD, code: setup }, eva)).status).toBe(403)
    const changed = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD, code: change }
    expect((await post('password', changed, eva)).status).toBe(200)
    const renewed = await post('mfa/backup-codes', { password: NEW_PASSWORD, code: renew }, eva)
    expect(renewed.status).toBe(200)
    expect((await post('mfa/disable', { password: NEW_PASSWORD, code: disable }, eva)).status).toBe(403)
    const [fresh] = renewed.body.backupCodes
    expect((await post('mfa/disable', { password: NEW_PASSWORD, code: fresh }, eva)).status).toBe(200)
    expect((await login('eva@example.com', { password: NEW_PASSWORD })).status).toBe(200)
  })

  test('a reset password does not take the second factor away', async () => {
    const fay = await signUp(url, 'fay@example.com')
    const { backup } = await enrol(fay)
    await post('password/forgot', { email: 'fay@example.com' })
    const token = await mailedSecret('fay@example.com', 1)
    expect((await post('password/reset', { token, newPassword: NEW_PASSWORD })).status).toBe(200)
    const without = await login('fay@example.com', { password: NEW_PASSWORD })
    expect(without.body.error.code).toBe('mfa_required')
    expect((await login('fay@example.com', { password: NEW_PASSWORD, code: backup[0] ?? '' })).status).toBe(200)
  })
})
