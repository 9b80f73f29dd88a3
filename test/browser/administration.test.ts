import { fileURLToPath } from 'node:url'
import { type FakeModel, startFakeModel, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { dialog, enterAs, type Person, signIn, signUp } from './support/account-pages.ts'
import { answerAt, ask, textOf } from './support/chat-page.ts'
import { openBrowser, openPage } from './support/open-browser.ts'
import { type StandaloneProcess, startStandalone } from './support/start-standalone.ts'

jest.setTimeout(240_000)

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url))
const ADA: Person = { name: 'Ada', email: 'ada@example.org', password: 'a long enough password' }
const BOB: Person = { name: 'Bob <b>bold</b>', email: 'bob@example.org', password: 'another long password' }
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
const SECTIONS = [
  ...['people', 'roles', 'groups', 'invitations', 'tenants'],
  ...['settings', 'feedback', 'activities', 'audit'],
]

let model: FakeModel
let askwire: StandaloneProcess
let browser: Browser
let admin: Page
let problems: string[] = []
beforeAll(async () => {
  model = await startFakeModel()
  askwire = await startStandalone({
    knowledge: FIXTURES,
    env: { ASKWIRE_MODEL_PROVIDER: 'openai', ASKWIRE_MODEL_BASE_URL: model.baseUrl, ASKWIRE_MODEL: 'fake' },
  })
  browser = await openBrowser()
  const opened = await openPage(browser, `${askwire.url}/register`)
  admin = opened.page
  problems = opened.problems
  await signUp(admin, ADA)
})
afterAll(async () => {
  await browser?.close()
  await askwire?.stop()
  await model?.close()
})

async function openSection(page: Page, section: string): Promise<void> {
  await page.goto(`${askwire.url}/admin/${section}`)
  await page.getByRole('heading', { level: 1, name: new RegExp(section, 'i') }).waitFor()
}

// The tests follow one another: what one makes the next uses.
describe('an administrator', () => {
  test('makes a role from a template and invites someone with it, by a link shown once', async () => {
    await openSection(admin, 'roles')
    await admin.getByRole('button', { name: 'Create a role' }).click()
    const role = dialog(admin, 'Create a role')
    await role.getByLabel('Begin with').selectOption('asker')
    await role.getByLabel('Name').fill('Guest')
    await role.getByLabel('See people').check()
    await role.getByRole('button', { name: 'Save' }).click()
    await admin.getByRole('row', { name: /Guest.*Ask questions.*See people/ }).waitFor()

    await openSection(admin, 'invitations')
    await admin.getByRole('button', { name: 'Invite someone' }).click()
    const form = dialog(admin, 'Invite someone')
    await form.getByRole('option', { name: 'Guest' }).waitFor({ state: 'attached' })
    await form.getByLabel('Role').selectOption({ label: 'Guest' })
    await form.getByRole('button', { name: 'Invite someone' }).click()
    const link = await textOf(dialog(admin, 'The invitation’s link').locator('pre'))
    // The secret is in the fragment, which no server is told.
    expect(link).toMatch(/\/register#invitation=[\w-]{20,}$/)
    const invited = askwire.url + link.slice(link.indexOf('/register'))

    const guest = await openPage(browser, invited)
    await guest.page.getByText('You have been invited.', { exact: false }).waitFor()
    await signUp(guest.page, BOB)
    // May see people and what they may do, and is offered nothing else of the administration.
    await guest.page.getByRole('link', { name: 'Administration' }).click()
    await guest.page.getByRole('heading', { level: 1, name: 'People' }).waitFor()
    expect(await guest.page.locator('.section-link').allInnerTexts()).toEqual(['People', 'Roles', 'Groups'])
    await guest.page.getByRole('link', { name: 'Roles' }).click()
    await guest.page.getByRole('row', { name: /Guest/ }).waitFor()
    expect(await guest.page.getByRole('button', { name: 'Create a role' }).count()).toBe(0)
    await guest.page.goto(`${askwire.url}/admin/invitations`)
    await guest.page.getByText('You may not do this.').waitFor()
    expect(guest.problems).toEqual([])
    await guest.page.context().close()

    const late = await openPage(browser, invited)
    await late.page.getByLabel('Name', { exact: true }).fill('Late')
    await late.page.getByLabel('Mail address').fill('late@example.org')
    await late.page.getByLabel('New password').fill(ADA.password)
    await late.page.getByRole('button', { name: 'Create account' }).click()
    await late.page.getByText('was used already', { exact: false }).waitFor()
    await late.page.context().close()
  })

  test('finds people by name, whose names are shown as they were typed', async () => {
    await openSection(admin, 'people')
    await admin.getByLabel('Name or mail address').fill('bob')
    await admin.getByRole('row', { name: /Ada/ }).waitFor({ state: 'detached' })
    await admin.getByText(BOB.name, { exact: true }).waitFor()
    expect(await admin.locator('table b').count()).toBe(0)
    await admin.getByLabel('Name or mail address').fill('nobody of that name')
    await admin.getByText('Nobody was found.').waitFor()
  })

  test('disables someone who is streaming: the stream ends in its middle, and their page says so', async () => {
    model.behave({ interval: 100, count: 3000, text: 'wort ' })
    const { page } = await openPage(browser, askwire.url)
    await signIn(page, BOB)
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    await ask(page, 'Speak slowly.')
    await waitFor(async () => (await textOf(answerAt(page, 0).locator('.markdown'))).includes('wort'), {
      what: 'the answer has begun',
    })
    await openSection(admin, 'people')
    await admin.getByRole('button', { name: `Open: ${BOB.name}` }).click()
    const person = dialog(admin, BOB.name)
    await person.getByRole('button', { name: 'Disable' }).click()
    const asked = dialog(admin, `Disable ${BOB.name}?`)
    await asked.getByRole('button', { name: 'Disable' }).click()
    await page.getByText('You were signed out', { exact: false }).waitFor()

    await signIn(page, BOB)
    await page.getByText('This account is disabled.', { exact: false }).waitFor()
    await person.getByRole('button', { name: 'Enable' }).click()
    await dialog(admin, `Enable ${BOB.name} again?`).getByRole('button', { name: 'Enable' }).click()
    await person.getByRole('button', { name: 'Disable' }).waitFor()
    model.reset()
    await page.context().close()
  })

  test('cannot take the last administrator away, and is told why', async () => {
    await openSection(admin, 'people')
    await admin.getByRole('button', { name: 'Open: Ada' }).click()
    const person = dialog(admin, 'Ada')
    await person.getByRole('option', { name: 'Guest' }).waitFor({ state: 'attached' })
    await person.getByLabel('Role').selectOption({ label: 'Guest' })
    await person.getByRole('button', { name: 'Save' }).click()
    await person.getByText('the last administrator must stay', { exact: false }).waitFor()
    await admin.keyboard.press('Escape')
    await person.waitFor({ state: 'hidden' })
  })

  test('sees what happened, counted and one by one, and that the record is whole', async () => {
    await openSection(admin, 'activities')
    await admin.getByRole('img', { name: /Activities by day/ }).waitFor()
    await admin.getByLabel('Action', { exact: true }).selectOption({ label: 'Invitation accepted' })
    const rows = admin.getByRole('table', { name: 'Activities' }).locator('tbody tr')
    await waitFor(async () => (await rows.count()) === 1, { what: 'one activity is left' })
    expect(await textOf(rows)).toContain('Invitation accepted')

    await openSection(admin, 'audit')
    await admin.getByRole('button', { name: 'Check the record' }).click()
    await admin.getByText('The record is whole.').waitFor()
  })

  test('has it all on a phone: nothing is wider than the screen', async () => {
    const { page, problems: seen } = await openPage(browser, `${askwire.url}/admin`, PHONE)
    await enterAs(page, ADA)
    for (const section of SECTIONS) {
      await openSection(page, section)
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
      const widths = await page.locator('body').evaluate((body) => [body.scrollWidth, body.clientWidth])
      expect([section, widths[0]]).toEqual([section, widths[1]])
    }
    expect(seen).toEqual([])
    await page.context().close()
  })

  test('leaves nothing broken behind', () => {
    expect(problems).toEqual([])
  })
})
