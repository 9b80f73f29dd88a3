import { waitFor } from '@askwire/testing'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Locator, Page } from 'playwright-core'
import { dialog } from './support/account-pages.ts'
import { answerAt, ask, finishedAnswer, sessionIdOf } from './support/chat-page.ts'
import { choose } from './support/choose.ts'
import { ownAskwire } from './support/own-askwire.ts'

// Two long answers no longer fit.
const askwire = ownAskwire({ env: { ASKWIRE_HISTORY_CHARS: '300' } })
beforeEach(() => askwire.model.reset())

/** What the model says from now on. */
const says = (text: string): void => askwire.model.behave({ count: 1, text })
const questions = (page: Page): Promise<string[]> => page.locator('.question .ant-bubble-content').allTextContents()
const answers = (page: Page): Promise<string[]> => page.locator('.answer .markdown').allTextContents()
/** The questions and answers on show are these. */
async function shows(page: Page, asked: string[], answered: string[]): Promise<void> {
  await waitFor(async () => `${await questions(page)}` === `${asked}`, { what: `the questions ${asked} are on show` })
  await waitFor(async () => `${await answers(page)}`.trim() === `${answered}`, { what: `${answered} is on show` })
}
const arrows = (page: Page, of: 'question' | 'answer'): Locator =>
  page.getByRole('group', { name: `Versions of the ${of}` })
/** Waits until what has this name has the focus, which follows a change by a moment. */
async function hasFocus(page: Page, name: string): Promise<void> {
  const focused = (): Promise<string | null> =>
    page.evaluate<string | null>("document.activeElement?.getAttribute('aria-label') ?? null")
  await waitFor(async () => (await focused()) === name, { what: `the focus is on ${name}` })
}

async function editQuestion(page: Page, index: number, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Edit the question' }).nth(index).press('Enter')
  await page.getByLabel('The question, asked differently').fill(text)
  await page.keyboard.press('Enter')
}

describe('branches', () => {
  test('a question asked differently and an answer made again stand beside the first; another device follows the choice', async () => {
    const { page, problems } = await askwire.open()
    says('one')
    await ask(page, 'First?')
    const sessionId = await sessionIdOf(page)
    await shows(page, ['First?'], ['one'])
    says('two')
    await ask(page, 'Second?')
    await shows(page, ['First?', 'Second?'], ['one', 'two'])
    const other = await askwire.open(`/c/${sessionId}`)
    await shows(other.page, ['First?', 'Second?'], ['one', 'two'])

    says('three')
    await editQuestion(page, 1, 'Second, otherwise?')
    await shows(page, ['First?', 'Second, otherwise?'], ['one', 'three'])
    await shows(other.page, ['First?', 'Second, otherwise?'], ['one', 'three'])
    says('four')
    await page.getByRole('button', { name: 'Answer again' }).first().click()
    await shows(page, ['First?'], ['four'])
    await shows(other.page, ['First?'], ['four'])
    await arrows(page, 'answer').getByText('2/2').waitFor()

    // By keyboard: the arrow keeps the focus, whatever takes the place of what it belongs to.
    await arrows(page, 'answer').getByRole('button', { name: 'Previous answer' }).press('Enter')
    await shows(page, ['First?', 'Second, otherwise?'], ['one', 'three'])
    await hasFocus(page, 'Previous answer')
    await arrows(page, 'question').getByRole('button', { name: 'Previous version of the question' }).press('Enter')
    await shows(page, ['First?', 'Second?'], ['one', 'two'])
    await hasFocus(page, 'Previous version of the question')
    await shows(other.page, ['First?', 'Second?'], ['one', 'two'])
    await page.reload()
    await shows(page, ['First?', 'Second?'], ['one', 'two'])

    // What is asked now goes where one is.
    says('five')
    await ask(other.page, 'Third?')
    await shows(page, ['First?', 'Second?', 'Third?'], ['one', 'two', 'five'])
    expect([...problems, ...other.problems]).toEqual([])
    await page.context().close()
    await other.page.context().close()
  })

  test('a branch left while it is answered goes on; what a search finds opens in its branch', async () => {
    const { page, problems } = await askwire.open()
    says('calm')
    await ask(page, 'Sea?')
    const sessionId = await sessionIdOf(page)
    await shows(page, ['Sea?'], ['calm'])
    askwire.model.behave({ count: 60, interval: 40, text: 'zebra ' })
    await editQuestion(page, 0, 'Land?')
    await answerAt(page, 0).getByText('zebra').waitFor()
    await page.getByRole('button', { name: 'Previous version of the question' }).click()
    await shows(page, ['Sea?'], ['calm'])
    await page.getByRole('button', { name: 'Next version of the question' }).click()
    await page.locator('.question').getByText('Land?').waitFor()
    await finishedAnswer(page)
    // With a slow gateway one sees that it is under way.
    const slow = Promise.withResolvers<void>()
    await page.route(/messages\?branch=[0-9a-f-]{36}&/, async (route) => {
      await slow.promise
      await route.continue()
    })
    await page.getByRole('button', { name: 'Previous version of the question' }).click()
    await page.locator('.branch-arrows[aria-busy="true"] .ant-btn-loading').waitFor()
    slow.resolve()
    await shows(page, ['Sea?'], ['calm'])

    await page.getByRole('searchbox', { name: 'Search sessions' }).fill('zebra')
    const hit = page.locator(`a[href^="/c/${sessionId}#"]`)
    await hit.waitFor()
    await page.getByRole('button', { name: 'Filter what is found' }).click()
    await page.getByLabel('Found in').selectOption('Questions')
    await page.getByText('Nothing was found with these filters.').waitFor()
    await page.getByRole('button', { name: 'Search without filters' }).click()
    await hit.click()
    await waitFor(async () => `${await questions(page)}` === 'Land?', { what: 'the branch of the hit is open' })
    await page.goto(`${askwire.url}/c/${sessionId}`)
    await waitFor(async () => `${await questions(page)}` === 'Land?', { what: 'it stays open' })
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('a message', () => {
  test('is deleted with what hangs on it, goes on, and begins a session of its own', async () => {
    const { page, problems } = await askwire.open()
    says('one')
    await ask(page, 'First?')
    await shows(page, ['First?'], ['one'])
    says('more')
    await choose(page.getByRole('button', { name: 'More for this answer' }).nth(0), 'Continue')
    await shows(page, ['First?', 'Continue.'], ['one', 'more'])

    const before = await sessionIdOf(page)
    await choose(page.getByRole('button', { name: 'More for this answer' }).nth(1), 'New session from here')
    await page.waitForURL((url) => !url.pathname.includes(before))
    await shows(page, ['First?', 'Continue.'], ['one', 'more'])

    await choose(page.getByRole('button', { name: 'More for this question' }).nth(1), 'Delete…')
    await dialog(page, 'Delete this question?').getByRole('button', { name: 'Delete' }).click()
    await shows(page, ['First?'], ['one'])
    await page.reload()
    await shows(page, ['First?'], ['one'])
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('keeps what one thinks of it, until that is taken back', async () => {
    const { page, problems } = await askwire.open()
    says('one')
    await ask(page, 'First?')
    const other = await askwire.open(`/c/${await sessionIdOf(page)}`)
    for (const on of [page, other.page]) await shows(on, ['First?'], ['one'])
    await page.getByRole('button', { name: 'Bad answer' }).click()
    await page.getByLabel('Why?').selectOption('Incomplete')
    await page.getByLabel('Comment').fill('Too <b>short</b>.')
    await page.getByRole('button', { name: 'Save' }).click()
    for (const on of [page, other.page]) await on.getByText('Your feedback: Incomplete · Too <b>short</b>.').waitFor()
    await page.reload()
    await page.getByText('Your feedback: Incomplete · Too <b>short</b>.').waitFor()
    await page.getByRole('button', { name: 'Bad answer', pressed: true }).click()
    expect(await page.getByLabel('Comment').inputValue()).toBe('Too <b>short</b>.')
    await page.getByRole('button', { name: 'Take back' }).click()
    for (const on of [page, other.page]) await on.getByRole('button', { name: 'Bad answer', pressed: false }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Bad answer', pressed: false }).waitFor()
    expect([...problems, ...other.problems]).toEqual([])
    await other.page.context().close()
    await page.context().close()
  })

  test('that sums up earlier ones says so where it was, and opens', async () => {
    const { page, problems } = await askwire.open()
    const long = 'sun '.repeat(40).trim()
    says(long)
    for (const [index, question] of ['One?', 'Two?', 'Three?'].entries()) {
      await ask(page, question)
      await finishedAnswer(page, index)
    }
    await page.reload()
    const summary = page.locator('.summary-note')
    await summary.getByText('Summary of 2 earlier messages').press('Enter')
    await summary.getByText('Written by fake.').waitFor()
    await answerAt(page, 2)
      .getByRole('button', { name: /Sum up so far/ })
      .waitFor()
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('questions that wait', () => {
  test('are listed, edited, reordered and withdrawn by keyboard, here and elsewhere, and outlast a reload', async () => {
    // Until it is stopped.
    askwire.model.behave({ count: 20_000, interval: 50, text: 'wort ' })
    const { page, problems } = await askwire.open()
    await ask(page, 'Speak slowly.')
    const sessionId = await sessionIdOf(page)
    await answerAt(page, 0).getByText('wort').waitFor()
    const other = await askwire.open(`/c/${sessionId}`)
    await answerAt(other.page, 0).getByText('wort').waitFor()
    for (const question of ['Red?', 'Green?', 'Blue?']) {
      await ask(page, question)
      await page.locator('.queue').getByText(question).waitFor()
    }
    const waiting = async (on: Page, expected: string[]): Promise<void> => {
      await waitFor(async () => `${await on.locator('.queue-text').allTextContents()}` === `${expected}`, {
        what: `${expected} wait`,
      })
    }
    await waiting(other.page, ['Red?', 'Green?', 'Blue?'])
    expect(await questions(page)).toEqual(['Speak slowly.'])

    await page.getByRole('button', { name: 'Ask earlier: Blue?' }).press('Enter')
    await waiting(page, ['Red?', 'Blue?', 'Green?'])
    await hasFocus(page, 'Ask earlier: Blue?')
    await page.keyboard.press('Enter')
    await waiting(other.page, ['Blue?', 'Red?', 'Green?'])
    await page.getByRole('button', { name: 'Edit: Red?' }).press('Enter')
    await page.getByLabel('The waiting question').fill('Crimson?')
    await page.keyboard.press('Enter')
    await waiting(other.page, ['Blue?', 'Crimson?', 'Green?'])
    await page.getByRole('button', { name: 'Withdraw: Green?' }).press('Enter')
    await waiting(other.page, ['Blue?', 'Crimson?'])
    await hasFocus(page, 'Ask earlier: Blue?')
    await page.reload()
    await waiting(page, ['Blue?', 'Crimson?'])

    askwire.model.behave({ count: 1, text: 'quick' })
    await page.getByRole('button', { name: 'Stop answering' }).click()
    for (const on of [page, other.page]) {
      await waitFor(async () => `${await questions(on)}` === 'Speak slowly.,Blue?,Crimson?', { what: 'all were asked' })
      await finishedAnswer(on, 2)
      await waiting(on, [])
    }
    expect([...problems, ...other.problems]).toEqual([])
    await page.context().close()
    await other.page.context().close()
  })
})
