import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, Locator, Page } from 'playwright-core'
import { dialog } from './support/account-pages.ts'
import { ask, finishedAnswer, sessionIdOf } from './support/chat-page.ts'
import { openBrowser, openPage } from './support/open-browser.ts'
import { type StandaloneProcess, startStandalone } from './support/start-standalone.ts'

jest.setTimeout(240_000)

let askwire: StandaloneProcess
let browser: Browser
beforeAll(async () => {
  askwire = await startStandalone({ knowledge: fileURLToPath(new URL('./fixtures/', import.meta.url)) })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await askwire?.stop()
})

const list = (page: Page): Locator => page.getByRole('navigation', { name: 'Sessions' })
const row = (page: Page, title: string): Locator => list(page).getByRole('link', { name: title })

async function act(page: Page, title: string, action: string): Promise<void> {
  await row(page, title).hover()
  await page.getByRole('button', { name: `Actions for “${title}”` }).click()
  await page.getByRole('menuitem', { name: action, exact: true }).click()
}

test('sessions are named, filed, deleted and restored, and another device follows without a reload', async () => {
  const { page, problems } = await openPage(browser, askwire.url)
  const other = await openPage(browser, askwire.url)
  await ask(page, 'What is a lease?')
  await finishedAnswer(page)
  const sessionId = await sessionIdOf(page)
  const link = list(other.page).locator(`a[href="/c/${sessionId}"]`)
  await link.waitFor()

  // By keyboard alone.
  await list(page).locator(`a[href="/c/${sessionId}"]`).press('F2')
  await page.getByLabel('Name of the session').fill('Leases')
  await page.keyboard.press('Enter')
  await row(page, 'Leases').waitFor()
  await row(other.page, 'Leases').waitFor()

  await act(page, 'Leases', 'Folder and tags…')
  await dialog(page, 'Folder and tags').getByLabel('Folder', { exact: true }).selectOption('new')
  await page.getByLabel('Name of the new folder').fill('Work')
  await page.getByRole('textbox', { name: 'Tags' }).fill('Rust, queues')
  await page.getByRole('button', { name: 'Save' }).click()
  await dialog(page, 'Folder and tags').waitFor({ state: 'hidden' })
  await page.getByRole('option', { name: 'Rust (1)' }).waitFor({ state: 'attached' })
  await page.getByLabel('Sessions shown').selectOption({ label: 'Work (1)' })
  await row(page, 'Leases').waitFor()
  await page.getByRole('button', { name: 'Rename this folder' }).click()
  await dialog(page, 'Rename this folder').getByRole('textbox').fill('Studies')
  await page.keyboard.press('Enter')
  for (const on of [page, other.page])
    await on.getByRole('option', { name: 'Studies (1)' }).waitFor({ state: 'attached' })
  await page.getByLabel('Sessions shown').selectOption({ label: 'All sessions' })

  await act(page, 'Leases', 'Delete')
  await page.getByText('“Leases” was deleted.').waitFor()
  await row(page, 'Leases').waitFor({ state: 'detached' })
  await row(other.page, 'Leases').waitFor({ state: 'detached' })
  expect(new URL(page.url()).pathname).toBe('/')
  await page.getByRole('button', { name: 'Undo' }).click()
  await row(other.page, 'Leases').waitFor()
  await row(page, 'Leases').click()
  await finishedAnswer(page)

  // Sorted and filtered by keyboard alone; this browser remembers it, and one press clears it.
  await page.getByRole('button', { name: 'Sort and filter' }).press('Enter')
  const panel = page.getByRole('group', { name: 'Sort and filter' })
  await panel.getByLabel('Sort by').selectOption('Name')
  await panel.getByLabel('To').fill('2020-01-01')
  await page.getByText('No session fits these filters.').waitFor()
  await panel.getByLabel('To').press('Escape')
  await panel.waitFor({ state: 'hidden' })
  await page.reload()
  await page.getByText('By name · To Jan 1, 2020').waitFor()
  await page.getByText('No session fits these filters.').waitFor()
  await page.getByRole('button', { name: 'Clear' }).press('Enter')
  await row(page, 'Leases').waitFor()

  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('recent')))).toEqual([])
  expect([...problems, ...other.problems]).toEqual([])
})
