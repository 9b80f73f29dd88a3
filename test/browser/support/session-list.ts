import type { Locator, Page } from 'playwright-core'
import { ask, finishedAnswer, sessionIdOf } from './chat-page.ts'
import { choose } from './choose.ts'

/** The list of sessions in the sidebar. */
export const sessionList = (page: Page): Locator => page.getByRole('navigation', { name: 'Sessions' })

/** The session of that name in it. */
export const row = (page: Page, title: string): Locator => sessionList(page).getByRole('link', { name: title })

/** Names a session that is listed, by keyboard. */
export async function rename(page: Page, id: string, title: string): Promise<void> {
  await sessionList(page).locator(`a[href="/c/${id}"]`).press('F2')
  await page.getByLabel('Name of the session').fill(title)
  await page.keyboard.press('Enter')
  await row(page, title).waitFor()
}

/** Asks in a new session and names that. */
export async function newSession(page: Page, title: string): Promise<string> {
  await page.goto(new URL('/', page.url()).href)
  await ask(page, `Tell me about ${title}.`)
  await finishedAnswer(page)
  const id = await sessionIdOf(page)
  await rename(page, id, title)
  return id
}

/** Takes an action out of the menu of a listed session. */
export async function act(page: Page, title: string, action: string): Promise<void> {
  await row(page, title).waitFor()
  await choose(page.getByRole('button', { name: `Actions for “${title}”` }), action)
}

/** Lists the sessions of another folder, or other kinds of them. */
export const show = (page: Page, label: string): Promise<unknown> =>
  page.getByLabel('Sessions shown').selectOption({ label })
