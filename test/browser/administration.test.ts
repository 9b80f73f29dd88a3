import { waitFor } from '@askwire/testing'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { dialog, enterAs, type Person, signIn, signUp } from './support/account-pages.ts'
import { answerAt, ask, finishedAnswer, sessionIdOf, textOf } from './support/chat-page.ts'
import { ownAskwire } from './support/own-askwire.ts'
import { isNoWiderThanItsScreen, PHONE } from './support/phone.ts'

const ADA: Person = { name: 'Ada', email: 'ada@example.org', password: 'a long enough password' }
const BOB: Person = { name: 'Bob <b>bold</b>', email: 'bob@example.org', password: 'another long password' }
const SECTIONS = [
  ...['people', 'roles', 'groups', 'invitations', 'tenants'],
  ...['settings', 'feedback', 'activities', 'audit'],
]

const askwire = ownAskwire()
let admin: Page
let problems: string[] = []
beforeAll(async () => {
  const opened = await askwire.open('/register')
  admin = opened.page
  problems = opened.problems
  await signUp(admin, ADA)
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

    const guest = await askwire.open(invited)
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

    const late = await askwire.open(invited)
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
    askwire.model.behave({ interval: 100, count: 3000, text: 'wort ' })
    const { page } = await askwire.open()
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
    askwire.model.reset()
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

  test('sets how long sessions are kept, after being asked, and sees what people think of answers', async () => {
    await openSection(admin, 'settings')
    await admin.getByLabel('Days a session is kept after its last question').fill('1.5')
    await admin.getByText('A whole number from 1 to 36500.').waitFor()
    await admin.getByLabel('Days a session is kept after its last question').fill('400')
    await admin.keyboard.press('Enter')
    await dialog(admin, 'Erase older sessions?').getByRole('button', { name: 'Save' }).click()
    await admin.getByText('Saved').waitFor()
    await admin.reload()
    await waitFor(
      async () => (await admin.getByLabel('Days a session is kept after its last question').inputValue()) === '400',
      { what: 'it is stored' },
    )
    await admin.goto(askwire.url)
    await ask(admin, 'Which oil does the lamp burn?')
    await finishedAnswer(admin)
    const messages = `${askwire.url}/api/sessions/${await sessionIdOf(admin)}/messages`
    const { items } = await (await admin.request.get(messages)).json()
    const answer = items.find(({ role }: { role: string }) => role === 'assistant')
    const given = await admin.request.post(`${messages}/${answer.id}/feedback`, {
      headers: { Origin: askwire.url },
      data: { rating: 'down', reason: 'wrong' },
    })
    expect(given.status()).toBe(200)
    await openSection(admin, 'feedback')
    await admin.getByRole('table', { name: 'By reason' }).getByRole('row', { name: 'Wrong 0 1 0%' }).waitFor()
  })

  test('has it all on a phone: nothing is wider than the screen', async () => {
    const { page, problems: seen } = await askwire.open('/admin', PHONE)
    await enterAs(page, ADA)
    for (const section of SECTIONS) {
      await openSection(page, section)
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
      expect([section, await isNoWiderThanItsScreen(page)]).toEqual([section, true])
    }
    expect(seen).toEqual([])
    await page.context().close()
  })

  test('leaves nothing broken behind', () => {
    expect(problems).toEqual([])
  })
})
