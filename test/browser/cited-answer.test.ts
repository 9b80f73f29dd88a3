import { readFileSync } from 'node:fs'
import { waitFor } from '@askwire/testing'
import { describe, expect, test } from '@jest/globals'
import { answerAt, ask, finishedAnswer, sessionIdOf, textOf } from './support/chat-page.ts'
import { FIXTURES } from './support/fixtures.ts'
import { ownAskwire } from './support/own-askwire.ts'
import { isNoWiderThanItsScreen, PHONE } from './support/phone.ts'

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim()

const askwire = ownAskwire({ answers: 'built-in' })

describe('a question about the documents', () => {
  test('is answered with a citation that opens the quoted passage of the document', async () => {
    const { page, problems, outside } = await askwire.open()
    await ask(page, 'What must a keeper hang on the seaward rail during a storm?')
    await sessionIdOf(page)
    expect(await finishedAnswer(page)).toMatch(/red lantern/)
    await answerAt(page, 0)
      .getByRole('button', { name: /Search the documents/ })
      .waitFor()

    const citation = answerAt(page, 0)
      .locator('.markdown')
      .getByRole('button', { name: /^Source 1: .*lighthouse/ })
      .first()
    await citation.click()
    const quote = fold(await textOf(page.locator('.passage mark')))
    expect(quote.length).toBeGreaterThan(20)
    expect(fold(readFileSync(`${FIXTURES}lighthouse.md`, 'utf8'))).toContain(quote)
    expect(await textOf(page.locator('.source-document'))).toContain('lighthouse')

    await page.keyboard.press('Escape')
    await page.locator('.passage').waitFor({ state: 'detached' })
    await waitFor(() => citation.evaluate((button) => button.matches(':focus')), { what: 'the focus is back' })

    await answerAt(page, 0).getByRole('region', { name: 'Sources' }).getByRole('button').first().click()
    await page.locator('.passage mark').waitFor()
    expect(problems).toEqual([])
    expect(outside).toEqual([])
    await page.context().close()
  })

  test('may be followed by another in the same session, and both are there when it is opened again', async () => {
    const { page, problems } = await askwire.open()
    await ask(page, 'Which oil does the lamp of Korvath burn?')
    const sessionId = await sessionIdOf(page)
    expect(await finishedAnswer(page, 0)).toMatch(/rapeseed/)
    await ask(page, 'And how far does its light reach?')
    expect(await finishedAnswer(page, 1)).toMatch(/nineteen/)
    expect(await sessionIdOf(page)).toBe(sessionId)

    await page.getByRole('button', { name: 'New session' }).click()
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
    await page.getByRole('link', { name: /Which oil does the lamp/ }).click()
    expect(await finishedAnswer(page, 0)).toMatch(/rapeseed/)
    expect(await finishedAnswer(page, 1)).toMatch(/nineteen/)
    await page.goBack()
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('shows the steps that were taken', async () => {
    const { page } = await askwire.open()
    await ask(page, 'Which oil does the lamp of Korvath burn?')
    await finishedAnswer(page)
    const steps = answerAt(page, 0).getByRole('button', { name: /^Steps/ })
    expect(await steps.getAttribute('aria-expanded')).toBe('false')
    await steps.click()
    const chain = page.locator('.steps-chain')
    for (const step of ['Search the documents', 'Write the answer']) await chain.getByText(step).waitFor()
    expect(await chain.locator('.step-time').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringMatching(/\d (ms|sec)/)]),
    )
    await page.context().close()
  })
})

describe('in Chinese', () => {
  test('the page switches, remembers, and answers', async () => {
    const { page, problems } = await askwire.open()
    await page.getByText('中文', { exact: true }).click()
    await page.getByRole('heading', { name: '您想了解什么？' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: '您想了解什么？' }).waitFor()
    await page.locator('html[lang=zh-CN]').waitFor()

    await ask(page, '采下的茶叶要摊晾多久？')
    expect(await finishedAnswer(page)).toMatch(/六个小时/)
    await answerAt(page, 0)
      .locator('.markdown')
      .getByRole('button', { name: /^来源 1：/ })
      .first()
      .click()
    const quote = await textOf(page.locator('.passage mark'))
    expect(fold(readFileSync(`${FIXTURES}tea.md`, 'utf8'))).toContain(fold(quote))
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('a browser that prefers it begins with it', async () => {
    const { page } = await askwire.open('/', { locale: 'zh-CN' })
    await page.getByRole('heading', { name: '您想了解什么？' }).waitFor()
    await page.context().close()
  })
})

describe('the page itself', () => {
  test('follows the system between light and dark until told otherwise', async () => {
    const { page } = await askwire.open('/', { colorScheme: 'dark' })
    const theme = (): Promise<string | null> => page.locator('html').getAttribute('data-theme')
    await waitFor(async () => (await theme()) === 'dark', { what: 'it is dark' })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.locator('html[data-theme=light]').waitFor()
    await page.getByText('Dark', { exact: true }).click({ force: true })
    await page.locator('html[data-theme=dark]').waitFor()
    await page.reload()
    await page.locator('html[data-theme=dark]').waitFor()
    await page.context().close()
  })

  test('fits a phone: nothing is wider than the screen, the sessions are behind a button', async () => {
    const { page } = await askwire.open('/', PHONE)
    await ask(page, 'Which oil does the lamp of Korvath burn?')
    await finishedAnswer(page)
    expect(await isNoWiderThanItsScreen(page)).toBe(true)
    await answerAt(page, 0).locator('.markdown').getByRole('button').first().click()
    await page.locator('.passage mark').waitFor()
    await page.getByRole('button', { name: 'Close the source' }).click()
    await page.getByRole('button', { name: 'Open the list of sessions' }).click()
    await page
      .getByRole('link', { name: /Which oil/ })
      .first()
      .waitFor()
    await page.context().close()
  })

  test('says so when a session does not exist', async () => {
    const { page } = await askwire.open('/c/01890000-0000-7000-8000-000000000000')
    await page.getByText('This session does not exist.').waitFor()
    await page.goto(`${askwire.url}/c/no-id-at-all`)
    await page.getByText('This session does not exist.').waitFor()
    await page.getByRole('main').getByRole('button', { name: 'New session' }).click()
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
    await page.context().close()
  })
})
