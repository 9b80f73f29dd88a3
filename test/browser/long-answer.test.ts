import { fileURLToPath } from 'node:url'
import { type FakeModel, startFakeModel } from '@askwire/testing'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { answerAt, ask, finishedAnswer } from './support/chat-page.ts'
import { openBrowser, openPage } from './support/open-browser.ts'
import { type StandaloneProcess, startStandalone } from './support/start-standalone.ts'

jest.setTimeout(120_000)

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url))
const TOKENS = 10_000
/** A key pressed while the answer streams shows within this long, on two busy cores. Without blocks it takes seconds. */
const MAX_RESPONSE_MS = 1500

let model: FakeModel
let askwire: StandaloneProcess
let browser: Browser
beforeAll(async () => {
  model = await startFakeModel()
  askwire = await startStandalone({
    knowledge: FIXTURES,
    env: { ASKWIRE_MODEL_PROVIDER: 'openai', ASKWIRE_MODEL_BASE_URL: model.baseUrl, ASKWIRE_MODEL: 'fake' },
  })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await askwire?.stop()
  await model?.close()
})

test.each([
  ['paragraphs', 'Some **words** of `text`.\n\n'],
  ['one list', '- Some **words** of `text`.\n'],
  ['one paragraph', 'Some **words** of `text`. '],
])('ten thousand tokens in %s leave the page usable', async (_, text) => {
  // Five tokens as one, so that what arrives is as much as 10 000 tokens of a real model are.
  model.behave({ text, count: TOKENS / 8, interval: 1 })
  const { page, problems } = await openPage(browser, askwire.url)
  await ask(page, 'Say much.')
  await answerAt(page, 0).locator('.markdown').waitFor()
  const slowest = await typeUntilFinished(page)
  const answer = await finishedAnswer(page)
  expect(answer.split('words').length - 1).toBe(TOKENS / 8)
  expect(slowest).toBeLessThan(MAX_RESPONSE_MS)
  expect(problems).toEqual([])
  await page.context().close()
})

/** Types a letter again and again until the answer is there; the longest time until one stood in the field. */
async function typeUntilFinished(page: Page): Promise<number> {
  const field = page.getByRole('textbox')
  let slowest = 0
  for (let typed = 1; typed < 500; typed += 1) {
    const startedAt = performance.now()
    await field.press('x')
    while ((await field.inputValue()).length < typed) await page.waitForTimeout(10)
    slowest = Math.max(slowest, performance.now() - startedAt)
    if ((await answerAt(page, 0).locator('.answer-footer').count()) > 0) return slowest
  }
  throw new Error('the answer did not come to its end')
}
