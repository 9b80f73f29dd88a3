import { waitFor } from '@askwire/testing'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Download, Page } from 'playwright-core'
import { dialog, enterAs, type Person, signIn, signUp } from './support/account-pages.ts'
import { answerAt, ask, finishedAnswer, sessionIdOf, textOf } from './support/chat-page.ts'
import { choose } from './support/choose.ts'
import type { WatchedPage } from './support/open-browser.ts'
import { ownAskwire } from './support/own-askwire.ts'
import { isNoWiderThanItsScreen, PHONE } from './support/phone.ts'
import { act, newSession, row, sessionList, show } from './support/session-list.ts'

const ADA: Person = { name: 'Ada', email: 'ada@example.org', password: 'a long enough password' }
const BOB: Person = { name: 'Bob', email: 'bob@example.org', password: 'another long password' }
/** What a model may say: marks that are wanted, and what must never come to life. */
const HOSTILE = '**wort** <img src="https://evil.example/x.png" onerror="alert(1)"> [go](javascript:alert(1)) '
const SLOW = { interval: 40, count: 100, text: 'wort ' }

const askwire = ownAskwire()
let ada: WatchedPage
let bob: WatchedPage
/** The session that is shared. */
let sessionId: string
beforeAll(async () => {
  ada = await askwire.open('/register')
  await signUp(ada.page, ADA)
  bob = await askwire.open('/register')
  await signUp(bob.page, BOB)
})

async function bytesOf(download: Download): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of await download.createReadStream()) parts.push(part)
  return Buffer.concat(parts)
}

// The tests follow one another: what one makes the next uses.
describe('a link', () => {
  let link: string

  test('is made with a password and shown once', async () => {
    const { page } = ada
    askwire.model.behave({ text: HOSTILE, count: 1 })
    sessionId = await newSession(page, 'Lamps')
    await page.getByRole('button', { name: 'Share…' }).click()
    const share = dialog(page, 'Share this session')
    await share.getByLabel('Password (optional)').fill('short')
    expect(await share.getByRole('button', { name: 'Make a link' }).isDisabled()).toBe(true)
    await share.getByLabel('Password (optional)').fill('open sesame')
    await page.keyboard.press('Enter')
    const shown = (await textOf(share.getByLabel('The link', { exact: true }).locator('pre'))).trim()
    expect(shown).toMatch(/\/s\/[\w-]{22}$/)
    link = askwire.url + new URL(shown).pathname
    await share.getByRole('list', { name: 'Links of this session' }).getByText('with a password').waitFor()
    await page.keyboard.press('Escape')
    await share.waitFor({ state: 'hidden' })
    // What is asked later is not in it.
    await ask(page, 'And what came later?')
    await finishedAnswer(page, 1)
  })

  test('opens for a stranger on a phone, by its password alone, and says nothing that comes to life', async () => {
    const { page, problems, outside } = await askwire.open(link, PHONE)
    const { headers } = await page.request.get(link).then((answer) => ({ headers: answer.headers() }))
    expect(headers['x-robots-tag']).toContain('noindex')
    await page.getByLabel('Password').fill('not this one')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByText('The password is not right.').waitFor()
    await page.getByLabel('Password').fill('open sesame')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByRole('heading', { level: 1, name: 'Lamps' }).waitFor()
    const said = page.getByRole('main')
    expect(await said.locator('strong').allInnerTexts()).toEqual(['wort'])
    expect(await said.locator('img, a[href^="javascript"]').count()).toBe(0)
    expect(await textOf(said)).toContain('Tell me about Lamps.')
    expect(await textOf(said)).not.toContain('And what came later?')
    expect(await isNoWiderThanItsScreen(page)).toBe(true)
    expect([...problems, ...outside]).toEqual([])

    // Whoever signs in here may keep a copy.
    await page.getByRole('button', { name: 'Sign in to copy this' }).click()
    await signIn(page, BOB)
    await page.getByRole('button', { name: 'Copy into a session of mine' }).click()
    await page.waitForURL(/\/c\//)
    await page.getByText('Tell me about Lamps.').waitFor()
    expect(await sessionIdOf(page)).not.toBe(sessionId)
    await page.context().close()
  })

  test('shows the branch that is chosen, and no other', async () => {
    const { page } = ada
    const id = await newSession(page, 'Masts')
    const api = `${askwire.url}/api`
    const { items } = await (await page.request.get(`${api}/sessions/${id}/messages`)).json()
    const question = items.find(({ role }: { role: string }) => role === 'user')
    const asked = await page.request.patch(`${api}/sessions/${id}/messages/${question.id}`, {
      headers: { Origin: askwire.url },
      data: { content: 'Tell me about sails.' },
    })
    const { runId } = await asked.json()
    await waitFor(async () => (await (await page.request.get(`${api}/runs/${runId}`)).json()).status === 'succeeded', {
      what: 'the other branch is answered',
    })
    await act(page, 'Masts', 'Share…')
    const share = dialog(page, 'Share this session')
    const branch = share.getByLabel('Branch')
    await waitFor(async () => (await branch.getByRole('option').count()) === 3, { what: 'the branches are loaded' })
    expect(await branch.getByRole('option').allInnerTexts()).toEqual([
      'The one that is open',
      expect.stringMatching(/^Tell me about sails\. · /),
      expect.stringMatching(/^Tell me about Masts\. · /),
    ])
    await branch.selectOption({ index: 2 })
    await share.getByRole('button', { name: 'Make a link' }).click()
    const shown = (await textOf(share.getByLabel('The link', { exact: true }).locator('pre'))).trim()
    const stranger = await askwire.open(new URL(shown).pathname)
    await stranger.page.getByText('Tell me about Masts.').waitFor()
    expect(await stranger.page.getByText('Tell me about sails.').count()).toBe(0)
    await stranger.page.context().close()
    await share.getByRole('button', { name: /^Revoke: / }).click()
    await dialog(page, 'Revoke this link?').getByRole('button', { name: 'Revoke', exact: true }).click()
    await share.getByRole('list', { name: 'Links of this session' }).waitFor({ state: 'detached' })
  })

  test('opens nothing once it is revoked', async () => {
    const { page } = ada
    await page.goto(`${askwire.url}/account/shares`)
    await page.getByRole('button', { name: 'Revoke: Lamps' }).click()
    await dialog(page, 'Revoke this link?').getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText('You share nothing by link.').waitFor()
    const stranger = await askwire.open(link)
    await stranger.page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
    expect(stranger.problems).toEqual([])
    await stranger.page.context().close()
  })
})

test('a colleague with the right to read sees an answer as it grows, and may ask once they may', async () => {
  await ada.page.goto(`${askwire.url}/c/${sessionId}`)
  await ada.page.getByRole('button', { name: 'Share…' }).click()
  const share = dialog(ada.page, 'Share this session')
  await share.getByLabel('Mail address of a colleague').fill('nobody@example.org')
  await share.getByRole('button', { name: 'Give access' }).click()
  await share.getByText('Nobody here has this mail address.').waitFor()
  await share.getByLabel('Mail address of a colleague').fill(BOB.email)
  await share.getByRole('button', { name: 'Give access' }).click()
  await share.getByRole('list', { name: 'Colleagues with access' }).getByText('Bob').waitFor()
  await ada.page.keyboard.press('Escape')
  await share.waitFor({ state: 'hidden' })

  await bob.page.goto(askwire.url)
  await show(bob.page, 'Shared with me')
  await row(bob.page, 'Lamps').click()
  await finishedAnswer(bob.page, 1)
  await bob.page.getByText('A colleague shares this session with you, to read.').waitFor()
  expect(await bob.page.getByRole('textbox', { name: 'Your question' }).count()).toBe(0)
  expect(await bob.page.getByRole('button', { name: 'Share…' }).count()).toBe(0)

  askwire.model.behave(SLOW)
  await ask(ada.page, 'Speak slowly.')
  const growing = answerAt(bob.page, 2).locator('.markdown')
  const words = async (): Promise<number> => (await textOf(growing)).split('wort').length - 1
  const first = await waitFor(words, { what: 'the colleague sees it begin' })
  await waitFor(async () => (await words()) > first, { what: 'the colleague sees it grow' })
  expect(await bob.page.getByRole('button', { name: 'Stop answering' }).count()).toBe(0)
  await ada.page.getByRole('button', { name: 'Stop answering' }).click()
  await ada.page.getByText('Stopped. This is the answer so far.').waitFor()

  // Without a reload: the composer comes, and all of it goes.
  await ada.page.getByRole('button', { name: 'Share…' }).click()
  await share.getByLabel('May: Bob').selectOption('edit')
  await bob.page.getByRole('textbox', { name: 'Your question' }).waitFor()
  await share.getByRole('button', { name: 'Remove: Bob' }).click()
  await row(bob.page, 'Lamps').waitFor({ state: 'detached' })

  // Let in again, they leave by themselves.
  await share.getByLabel('Mail address of a colleague').fill(BOB.email)
  await share.getByRole('button', { name: 'Give access' }).click()
  await row(bob.page, 'Lamps').click()
  await bob.page.getByText('A colleague shares this session with you, to read.').waitFor()
  await bob.page.getByRole('button', { name: 'More for this session' }).press('Enter')
  await bob.page.getByRole('menuitem', { name: 'Leave…' }).click()
  await dialog(bob.page, 'Leave “Lamps”?').getByRole('button', { name: 'Leave', exact: true }).click()
  await bob.page.getByText('No colleague shares a session with you.').waitFor()
  expect(new URL(bob.page.url()).pathname).toBe('/')
  await ada.page.keyboard.press('Escape')
  expect([...ada.problems, ...bob.problems]).toEqual([])
})

test('a session is given as a file and to the printer', async () => {
  const { page } = ada
  askwire.model.behave({ text: 'wort ', count: 3 })
  let asked = 0
  await page.exposeFunction('tellPrinted', () => {
    asked += 1
  })
  await page.addInitScript('window.print = () => window.tellPrinted()')
  await page.goto(`${askwire.url}/c/${sessionId}`)
  await finishedAnswer(page)
  await choose(page.getByRole('button', { name: 'More for this session' }), 'Export…')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Markdown file' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('Lamps.md')
  expect(String(await bytesOf(file))).toContain('Tell me about Lamps.')

  await act(page, 'Lamps', 'Export…')
  await page.getByRole('button', { name: 'Print or PDF' }).click()
  await waitFor(() => asked > 0, { what: 'the browser is asked to print' })
  await page.emulateMedia({ media: 'print' })
  await page.getByRole('heading', { level: 1, name: 'Lamps' }).waitFor()
  expect(await sessionList(page).isVisible()).toBe(false)
  expect(await page.locator('.print-sheet .asked').allInnerTexts()).toContain('And what came later?')
  await page.emulateMedia({ media: 'screen' })
  await page.evaluate("dispatchEvent(new Event('afterprint'))")
  await page.locator('.print-sheet').waitFor({ state: 'detached' })
})

describe('one’s data', () => {
  const FILE = JSON.stringify([
    {
      ...{ uuid: 'c1', name: 'From elsewhere', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
      chat_messages: [
        { uuid: 'm1', sender: 'human', text: 'Hello?', created_at: '2026-01-01T00:00:00Z' },
        { uuid: 'm2', sender: 'assistant', text: 'Good day.', created_at: '2026-01-01T00:00:01Z' },
      ],
    },
    { uuid: 'c2', name: 'Broken', chat_messages: 7 },
  ])
  const upload = (page: Page, name: string, text: string): Promise<void> =>
    page
      .getByLabel('File to import')
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) })

  test('is fetched as an archive, and brought in with a report', async () => {
    const { page } = ada
    await page.goto(`${askwire.url}/account/data`)
    await page.getByRole('button', { name: 'Make an archive' }).click()
    const [archive] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ])
    expect(archive.suggestedFilename()).toMatch(/^askwire-[\d-]+\.zip$/)
    expect((await bytesOf(archive)).subarray(0, 2).toString()).toBe('PK')

    await upload(page, 'conversations.json', FILE)
    const first = page.getByRole('row', { name: /Import.*1 session imported/ })
    await first.getByText('1 was skipped').click()
    await first.getByText('chat_messages').waitFor()
    await upload(page, 'conversations.json', FILE)
    await page.getByRole('row', { name: /Import.*0 sessions imported.*1 was here already/ }).waitFor()
    await upload(page, 'notes.json', 'This is no export.')
    await page.getByText('The file is neither JSON nor an archive.').waitFor()
    await page.getByRole('link', { name: 'Back to the chat' }).click()
    await row(page, 'From elsewhere').click()
    await page.getByText('Good day.').waitFor()
  })

  test('is all there on a phone and in the dark', async () => {
    const context = { ...PHONE, colorScheme: 'dark' as const }
    const { page, problems } = await askwire.open('/account/data', context)
    await enterAs(page, BOB)
    for (const path of ['account/data', 'account/shares', 'account/data']) {
      await page.goto(`${askwire.url}/${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect([path, await isNoWiderThanItsScreen(page)]).toEqual([path, true])
    }
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('is erased with the account, by a fresh proof', async () => {
    const { page, problems } = bob
    await page.goto(`${askwire.url}/account/data`)
    await page.evaluate(
      "addEventListener('animationstart', ({ animationName }) => (window.moved ??= []).push(animationName))",
    )
    await page.getByRole('button', { name: 'Erase my account…' }).click()
    const erase = dialog(page, 'Erase your account for good?')
    await erase.getByLabel('Current password').fill('not his password')
    await erase.getByRole('button', { name: 'Erase everything' }).click()
    await erase.getByText('The password or the code is not right.').waitFor()
    // Who wants no motion gets none, in dialogs neither.
    const moved = await page.evaluate<string[]>('window.moved ?? []')
    expect(moved.filter((name) => /zoom/i.test(name))).toEqual([])
    await erase.getByLabel('Current password').fill(BOB.password)
    await erase.getByRole('button', { name: 'Erase everything' }).click()
    await page.getByText('Your account is being erased, with all that was yours.').waitFor()
    await signIn(page, BOB)
    await page.getByText('The address or the password is not right.').waitFor()
    expect(problems).toEqual([])
  })
})
