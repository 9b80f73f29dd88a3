import { startTcpProxy, waitFor } from '@askwire/testing'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { answerAt, ask, finishedAnswer, sessionIdOf, textOf } from './support/chat-page.ts'
import { ownAskwire } from './support/own-askwire.ts'

/** Slow enough to act in the middle of it: 3 s. */
const SLOW = { interval: 30, count: 100, text: 'wort ' }
/** Goes on for minutes: for what is stopped. */
const ENDLESS = { ...SLOW, count: 5000 }
/** Begins, and goes on when it is let go: for what has to happen in the middle. */
const HELD = { ...SLOW, interval: 0, hold: true, after: 5 }
const wordsIn = (text: string): number => text.split('wort').length - 1

const askwire = ownAskwire()
beforeEach(() => askwire.model.reset())

/** The held answer goes on, and what the model is asked after it (a title) is not held. */
function letGoOn(): void {
  askwire.model.behave({ count: 3, text: 'wort ' })
  askwire.model.release()
}

/** Waits until the nth answer has begun and is not finished; gives the number of its words. */
async function midAnswer(page: Page, index = 0): Promise<number> {
  const text = answerAt(page, index).locator('.markdown')
  return await waitFor(async () => wordsIn(await textOf(text)), { what: 'the answer has begun' })
}

describe('an answer under way', () => {
  test('grows before the reader, and is stopped with what it has', async () => {
    askwire.model.behave(ENDLESS)
    const { page, problems } = await askwire.open()
    await ask(page, 'Speak slowly.')
    const first = await midAnswer(page)
    await waitFor(async () => (await midAnswer(page)) > first + 5, { what: 'the answer grows' })
    await page.getByRole('button', { name: 'Stop answering' }).click()
    await page.getByText('Stopped. This is the answer so far.').waitFor()
    const words = wordsIn(await finishedAnswer(page))
    expect(words).toBeGreaterThan(first)
    expect(words).toBeLessThan(ENDLESS.count)

    await page.reload()
    await page.getByText('Stopped. This is the answer so far.').waitFor()
    expect(wordsIn(await finishedAnswer(page))).toBe(words)
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('is stopped by Escape; the session goes on with the next question', async () => {
    askwire.model.behave(ENDLESS)
    const { page } = await askwire.open()
    await ask(page, 'Speak slowly.')
    await midAnswer(page)
    await page.keyboard.press('Escape')
    await page.getByText('Stopped. This is the answer so far.').waitFor()
    askwire.model.behave({ count: 3, text: 'wort ' })
    await ask(page, 'And now quickly.')
    expect(wordsIn(await finishedAnswer(page, 1))).toBe(3)
    await page.context().close()
  })

  test('loses nothing by a reload in the middle of it', async () => {
    askwire.model.behave(HELD)
    const { page, problems } = await askwire.open()
    await ask(page, 'Speak slowly.')
    await sessionIdOf(page)
    await midAnswer(page)
    await page.reload()
    expect(await midAnswer(page)).toBeLessThan(HELD.count)
    letGoOn()
    expect(wordsIn(await finishedAnswer(page))).toBe(HELD.count)
    await answerAt(page, 0)
      .getByRole('button', { name: /^Steps/ })
      .waitFor()
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('is whole when it ended while no one looked', async () => {
    askwire.model.behave({ ...HELD, count: 30 })
    const { page } = await askwire.open()
    await ask(page, 'Speak slowly.')
    const sessionId = await sessionIdOf(page)
    await midAnswer(page)
    await page.goto('about:blank')
    letGoOn()
    await waitFor(async () => (await storedAnswers(sessionId)) === 1, { what: 'the answer is stored' })
    await page.goto(`${askwire.url}/c/${sessionId}`)
    expect(wordsIn(await finishedAnswer(page))).toBe(30)
    await page.context().close()
  })

  test('goes on after the connection was lost, without a gap or a repetition', async () => {
    askwire.model.behave({ ...HELD, count: 150 })
    const proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: askwire.port } })
    const { page, problems } = await askwire.open(proxy.url(askwire.url))
    await ask(page, 'Speak slowly.')
    await midAnswer(page)
    proxy.mode = 'refuse'
    proxy.reset()
    await page.getByText('Connection lost. Reconnecting…').waitFor()
    letGoOn()
    proxy.mode = 'pass'
    expect(wordsIn(await finishedAnswer(page))).toBe(150)
    expect(await page.getByText('Connection lost. Reconnecting…').count()).toBe(0)
    expect(problems).toEqual([])
    await page.context().close()
    await proxy.close()
  })

  test('shows in every tab of the session, with questions asked in the other', async () => {
    askwire.model.behave({ count: 3, text: 'wort ' })
    const { page } = await askwire.open()
    await ask(page, 'First?')
    await finishedAnswer(page)
    const other = await page.context().newPage()
    await other.goto(page.url())
    await finishedAnswer(other)

    askwire.model.behave(SLOW)
    await ask(page, 'Second, from the first tab?')
    await other.getByText('Second, from the first tab?').waitFor()
    await midAnswer(other, 1)
    expect(wordsIn(await finishedAnswer(other, 1))).toBe(SLOW.count)
    await page.context().close()
  })

  test('lets the next question wait, which may be withdrawn', async () => {
    askwire.model.behave(HELD)
    const { page } = await askwire.open()
    await ask(page, 'Speak slowly.')
    await midAnswer(page)
    await ask(page, 'The second.')
    await page.getByText('1 question waits').waitFor()
    await ask(page, 'The third.')
    await page.getByText('2 questions wait').waitFor()
    await page.getByRole('button', { name: 'Withdraw: The third.' }).click()
    await page.getByText('1 question waits').waitFor()
    letGoOn()
    expect(wordsIn(await finishedAnswer(page, 0))).toBe(HELD.count)
    expect(wordsIn(await finishedAnswer(page, 1))).toBe(3)
    await page.context().close()
  })
})

describe('an answer that fails', () => {
  test('says why, also after a reload, and may be asked again', async () => {
    askwire.model.behave({ fail: 400 })
    const { page, problems } = await askwire.open()
    await ask(page, 'Will this work?')
    const why = 'The language model’s provider refused this question.'
    await page.getByText(why).waitFor()
    await page.reload()
    await page.getByText(why).waitFor()
    askwire.model.behave({ count: 4, text: 'wort ' })
    await page.getByRole('button', { name: 'Ask again' }).click()
    expect(wordsIn(await finishedAnswer(page))).toBe(4)
    expect(problems).toEqual([])
    await page.context().close()
  })
})

async function storedAnswers(sessionId: string): Promise<number> {
  const response = await fetch(`${askwire.url}/api/sessions/${sessionId}/messages`)
  const { items } = (await response.json()) as { items: { role: string }[] }
  return items.filter(({ role }) => role === 'assistant').length
}
