import { fileURLToPath } from 'node:url'
import { type FakeModel, startFakeModel } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, Locator, Page } from 'playwright-core'
import { openBrowser, openPage } from './support/open-browser.ts'
import { readUpwards } from './support/read-upwards.ts'
import { allMessages, seedSession } from './support/seed-session.ts'
import { type StandaloneProcess, startStandalone } from './support/start-standalone.ts'

jest.setTimeout(180_000)

const TURNS = 1000
/** Elements of the whole page; measured up to 500 while 2 000 messages go by, of which all would be some 30 000. */
const MAX_ELEMENTS = 2000

let model: FakeModel
let askwire: StandaloneProcess
let browser: Browser
let sessionId: string
beforeAll(async () => {
  model = await startFakeModel()
  askwire = await startStandalone({
    knowledge: fileURLToPath(new URL('./fixtures/', import.meta.url)),
    env: { ASKWIRE_MODEL_PROVIDER: 'openai', ASKWIRE_MODEL_BASE_URL: model.baseUrl, ASKWIRE_MODEL: 'fake' },
  })
  browser = await openBrowser()
  sessionId = await seedSession(askwire.url, 'A long one', TURNS)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await askwire?.stop()
  await model?.close()
})

const question = (page: Page, at: number): Locator => page.getByText(`Question ${at}?`, { exact: true })

describe('a session of two thousand messages', () => {
  test('is read from its end to its beginning without a jump, with few elements at a time', async () => {
    const { page, problems } = await openPage(browser, `${askwire.url}/c/${sessionId}`)
    await question(page, TURNS - 1).waitFor()
    await page.getByText(`Answer ${TURNS - 1}.`).waitFor()
    expect(await distanceToEnd(page)).toBeLessThan(2)

    const { jumps, elements } = await readUpwards(page)
    expect(jumps).toEqual([])
    expect(elements).toBeLessThan(MAX_ELEMENTS)
    expect(await question(page, 0).count()).toBe(1)

    await page.getByRole('button', { name: 'Go to the latest message' }).click()
    await question(page, TURNS - 1).waitFor()
    expect(await question(page, 0).count()).toBe(0)
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('opens at a message in its middle', async () => {
    const messages = await allMessages(askwire.url, sessionId)
    const hit = messages.find(({ role, content }) => role === 'assistant' && content.startsWith('Answer 400.'))
    const { page, problems } = await openPage(browser, `${askwire.url}/c/${sessionId}#${hit?.id}`)
    const found = page.locator('[data-found="answer"] .answer')
    await found.waitFor()
    await page.waitForFunction(`(() => {
      const { top, bottom } = document.querySelector('[data-found] .answer').getBoundingClientRect()
      return top >= 0 && bottom <= innerHeight
    })()`)
    expect(await found.textContent()).toContain('Answer 400.')
    expect(problems).toEqual([])
    await page.context().close()
  })
})

const distanceToEnd = (page: Page): Promise<number> =>
  page.locator('.scroller').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight)
