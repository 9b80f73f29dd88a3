import { waitFor } from '@askwire/testing'
import { describe, expect, test } from '@jest/globals'
import type { Page, Request } from 'playwright-core'
import { dialog, enterAs, type Person, signIn, signUp, totp } from './support/account-pages.ts'
import { ask, finishedAnswer, sessionIdOf, textOf } from './support/chat-page.ts'
import type { WatchedPage } from './support/open-browser.ts'
import { ownAskwire } from './support/own-askwire.ts'

const ADA: Person = { name: 'Ada', email: 'ada@example.org', password: 'a long enough password' }

const askwire = ownAskwire({ answers: 'built-in' })

/** A page in a browser of its own, where Ada has signed in. */
async function openAs(person: Person, path = '/'): Promise<WatchedPage> {
  const opened = await askwire.open(path)
  await enterAs(opened.page, person)
  return opened
}

const keptInBrowser = (page: Page): Promise<Record<string, string>> => page.evaluate('({ ...localStorage })')

// The tests follow one another: it is one installation's first day.
describe('the first account', () => {
  test('is made out of the trial, and keeps what was asked in it', async () => {
    const { page, problems, outside } = await askwire.open()
    await ask(page, 'Which oil does the lamp of Korvath burn?')
    expect(await finishedAnswer(page)).toMatch(/rapeseed/)
    const sessionId = await sessionIdOf(page)

    await page.getByRole('link', { name: 'Create your account to keep this to yourself' }).click()
    await page.getByText('This is the first account here.', { exact: false }).waitFor()
    await signUp(page, ADA)
    await page.getByRole('link', { name: /Which oil does the lamp/ }).click()
    expect(await sessionIdOf(page)).toBe(sessionId)
    expect(await finishedAnswer(page)).toMatch(/rapeseed/)
    await ask(page, 'And how far does its light reach?')
    expect(await finishedAnswer(page, 1)).toMatch(/nineteen/)
    expect(await page.getByRole('link', { name: /Create your account/ }).count()).toBe(0)

    // The tokens are out of the reach of every script.
    expect(await page.evaluate('document.cookie')).toBe('')
    const cookies = await page.context().cookies()
    expect(cookies.map(({ name }) => name).sort()).toEqual(['askwire_access', 'askwire_refresh'])
    expect(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Strict')).toBe(true)
    const secrets = cookies.map(({ value }) => value)
    const kept = JSON.stringify(await keptInBrowser(page))
    expect(secrets.filter((secret) => kept.includes(secret))).toEqual([])
    expect(problems).toEqual([])
    expect(outside).toEqual([])
    await page.context().close()
  })

  test('ends the trial: everyone else is asked to sign in, and comes back to where they were', async () => {
    const { page, problems } = await askwire.open('/account/tokens')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await signIn(page, { ...ADA, password: 'not her password' })
    await page.getByText('The address or the password is not right.').waitFor()
    await signIn(page, ADA)
    await page.getByRole('heading', { name: 'API tokens' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/account/tokens')
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('signs out, and leaves nothing for the next one in this browser', async () => {
    const { page } = await openAs(ADA)
    await ask(page, 'What must a keeper hang on the seaward rail?')
    await finishedAnswer(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.context().cookies()).toEqual([])
    expect(await keptInBrowser(page)).not.toHaveProperty('askwire.login')

    const bob: Person = { name: 'Bob', email: 'bob@example.org', password: 'another long password' }
    await page.getByRole('link', { name: 'Create an account' }).click()
    await signUp(page, bob)
    await page.getByText('Your questions will be listed here.').waitFor()
    expect(JSON.stringify(await keptInBrowser(page))).not.toContain('seaward')
    await page.context().close()
  })
})

describe('the login of a page', () => {
  test('is renewed behind its back when its access ends, by one tab at a time', async () => {
    const { page, problems } = await openAs(ADA)
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    const other = await page.context().newPage()
    await other.goto(`${askwire.url}/account`)
    await other.getByRole('heading', { name: 'Profile' }).waitFor()
    let underWay = 0
    let mostAtOnce = 0
    const answered: number[] = []
    const isRefresh = (request: Request): boolean => request.url().endsWith('/api/auth/refresh')
    page.context().on('request', (request) => {
      if (isRefresh(request)) mostAtOnce = Math.max(mostAtOnce, ++underWay)
    })
    page.context().on('response', (response) => {
      if (!isRefresh(response.request())) return
      underWay -= 1
      answered.push(response.status())
    })
    await page.context().clearCookies({ name: 'askwire_access' })
    await Promise.all([
      ask(page, 'Which oil does the lamp of Korvath burn?'),
      other.getByRole('link', { name: 'API tokens' }).click(),
      other.getByText('You have no tokens.').waitFor(),
    ])
    expect(await finishedAnswer(page)).toMatch(/rapeseed/)
    // A tab may not have heard yet of what another one has just stored, so it may renew once more, after that one.
    expect(mostAtOnce).toBe(1)
    expect(new Set(answered)).toEqual(new Set([200]))
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('may be ended in another browser, which sends it to the sign-in page at once', async () => {
    const { page: here } = await openAs(ADA, '/account/logins')
    const { page: there } = await openAs(ADA)
    await ask(there, 'Which oil does the lamp of Korvath burn?')
    await finishedAnswer(there)
    const address = there.url()

    await here.reload()
    const row = here.getByRole('row').filter({ hasNotText: 'This one' }).nth(1)
    await row.getByRole('button', { name: /^End/ }).click()
    await dialog(here, 'End this login?').getByRole('button', { name: 'End' }).click()
    await there.getByText('You were signed out', { exact: false }).waitFor()
    expect(there.url()).toBe(address)
    await signIn(there, ADA)
    expect(await finishedAnswer(there)).toMatch(/rapeseed/)
    await waitFor(async () => (await here.getByText('This one').count()) === 1, { what: 'one login is this one' })
    await here.context().close()
    await there.context().close()
  })
})

describe('an API token', () => {
  test('is shown once and can be deleted', async () => {
    const { page, problems } = await openAs(ADA, '/account/tokens')
    await page.getByRole('button', { name: 'Create a token' }).click()
    const form = dialog(page, 'Create a token')
    await form.getByLabel('Name').fill('For the test')
    await form.getByLabel('Read', { exact: false }).check()
    await form.getByRole('button', { name: 'Create a token' }).click()
    const token = await textOf(dialog(page, 'Your new token').locator('pre'))
    expect(token).toMatch(/^sk-[\w-]{43}$/)
    const asked = await fetch(`${askwire.url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(asked.status).toBe(200)

    await page.keyboard.press('Escape')
    await dialog(page, 'Your new token').waitFor({ state: 'hidden' })
    await page.reload()
    await page.getByText(`${token.slice(0, 8)}…`).waitFor()
    expect(await page.content()).not.toContain(token)

    await page.getByRole('button', { name: 'Delete: For the test' }).click()
    await dialog(page, /Delete the token/)
      .getByRole('button', { name: 'Delete' })
      .click()
    await page.getByText('You have no tokens.').waitFor()
    const refused = await fetch(`${askwire.url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(refused.status).toBe(401)
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('language and theme', () => {
  test('go with the account from browser to browser', async () => {
    const { page, problems } = await openAs(ADA, '/account/profile')
    await page.getByLabel('Language').first().waitFor()
    await page.getByRole('combobox', { name: 'Language' }).selectOption('zh')
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: '个人资料' }).waitFor()
    await page.locator('html[data-theme=dark]').waitFor()

    const { page: other } = await openAs(ADA, '/account/security')
    await other.getByRole('heading', { name: '密码与身份验证器' }).waitFor()
    await other.locator('html[data-theme=dark]').waitFor()
    for (const [link, heading] of [
      ['登录记录', '登录记录'],
      ['API 令牌', 'API 令牌'],
      ['我的活动', '我的活动'],
    ] as const) {
      await other.getByRole('link', { name: link }).click()
      await other.getByRole('heading', { name: heading }).waitFor()
    }
    await other.getByRole('cell', { name: '登录', exact: true }).first().waitFor()
    await page.getByRole('combobox', { name: '语言' }).selectOption('en')
    await page.getByRole('combobox', { name: '主题' }).selectOption('system')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('heading', { name: 'Profile' }).waitFor()
    expect(problems).toEqual([])
    await other.context().close()
    await page.context().close()
  })
})

describe('an authenticator', () => {
  test('is enrolled, asked for when signing in, and stood in for by a backup code', async () => {
    const { page, problems } = await openAs(ADA, '/account/security')
    await page.getByRole('button', { name: 'Add an authenticator' }).click()
    const enrol = dialog(page, 'Add an authenticator')
    await enrol.getByLabel('Current password').fill(ADA.password)
    await enrol.getByRole('button', { name: 'Continue' }).click()
    const qr = enrol.getByRole('img', { name: 'QR code for your authenticator' })
    await qr.waitFor()
    await waitFor(() => qr.evaluate((image) => 'naturalWidth' in image && Number(image.naturalWidth) > 0), {
      what: 'the picture is drawn',
    })
    const secret = await textOf(enrol.locator('.by-hand'))
    await enrol.getByLabel('Code', { exact: true }).fill('000000')
    await enrol.getByRole('button', { name: 'Confirm' }).click()
    await enrol.getByText('This code is not right', { exact: false }).waitFor()
    await enrol.getByLabel('Code', { exact: true }).fill(totp(secret))
    await enrol.getByRole('button', { name: 'Confirm' }).click()

    const shown = dialog(page, 'Your backup codes')
    const codes = (await textOf(shown.locator('pre'))).split('\n')
    expect(codes).toHaveLength(10)
    await shown.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 backup codes left.').waitFor()
    expect(problems).toEqual([])
    await page.context().close()

    const { page: second } = await openAs(ADA)
    await second.getByRole('heading', { name: 'Enter your code' }).waitFor()
    // The code of this step has been used: the next one's is taken up to 30 s early.
    await second.getByLabel('Code', { exact: true }).fill(totp(secret, 1))
    await second.keyboard.press('Enter')
    await second.getByRole('button', { name: 'Sign out' }).waitFor()
    await second.context().close()

    const { page: third } = await openAs(ADA, '/account/security')
    await third.getByLabel('Code', { exact: true }).fill(codes[0] ?? '')
    await third.keyboard.press('Enter')
    await third.getByText('9 backup codes left.').waitFor()
    await third.context().close()
  })
})
