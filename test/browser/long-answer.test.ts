import { expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { answerAt, ask, finishedAnswer } from './support/chat-page.ts'
import { ownAskwire } from './support/own-askwire.ts'

const PIECES = 2500
/** About four tokens each: 10 000 in all, over some seconds. */
const PIECE = 'Some **words** of `text`.'
/** What drawing the whole answer may cost the page's main thread; measured 2.1 to 2.9 s. */
const MAX_CPU_MS = 10_000
/** Letters that must have been typed and shown while the answer came. */
const MIN_TYPED = 3

const askwire = ownAskwire()

test.each([
  ['paragraphs', '\n\n'],
  ['one list', '\n- '],
  ['one paragraph', ' '],
])('ten thousand tokens in %s leave the page usable', async (_, separator) => {
  askwire.model.behave({ text: `${PIECE}${separator}`, count: PIECES, interval: 2 })
  const { page, problems } = await askwire.open()
  const cpuMs = await meterCpu(page)
  await ask(page, 'Say much.')
  await answerAt(page, 0).locator('.markdown').waitFor()
  const typed = await typeUntilFinished(page)
  const answer = await finishedAnswer(page)
  expect(answer.split('words').length - 1).toBe(PIECES)
  expect(typed).toBeGreaterThanOrEqual(MIN_TYPED)
  expect(await cpuMs()).toBeLessThan(MAX_CPU_MS)
  expect(problems).toEqual([])
  await page.context().close()
})

/** Measures the processor time of the page's main thread, which other processes do not change. */
async function meterCpu(page: Page): Promise<() => Promise<number>> {
  const client = await page.context().newCDPSession(page)
  await client.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await client.send('Performance.getMetrics')
    return Math.round((metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.POSITIVE_INFINITY) * 1000)
  }
}

/** Types a letter, waits until it shows, and so on until the answer is complete; gives how many there were before. */
async function typeUntilFinished(page: Page): Promise<number> {
  const field = page.getByRole('textbox')
  const finished = answerAt(page, 0).locator('.answer-footer')
  for (let typed = 0; typed < 5000; typed += 1) {
    if ((await finished.count()) > 0) return typed
    await field.press('x')
    while ((await field.inputValue()).length <= typed) await page.waitForTimeout(20)
  }
  throw new Error('the answer did not come to its end')
}
