import { sessionDetail } from '@askwire/contracts'
import { startTcpProxy, type TcpProxy, waitFor } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Locator, Page } from 'playwright-core'
import { answerAt, ask, finishedAnswer, sessionIdOf } from './support/chat-page.ts'
import { ownAskwire } from './support/own-askwire.ts'
import { readUpwards } from './support/read-upwards.ts'
import { allMessages, seedSession } from './support/seed-session.ts'

const TURNS = 1000
/** Elements of the whole page; measured up to 500 while 2 000 messages go by, of which all would be some 30 000. */
const MAX_ELEMENTS = 2000

const askwire = ownAskwire()
let sessionId: string
beforeAll(async () => {
  sessionId = await seedSession(askwire.url, 'A long one', TURNS)
}, 240_000)

const question = (page: Page, at: number): Locator => page.getByText(`Question ${at}?`, { exact: true })

describe('a session of two thousand messages', () => {
  test('is read from its end to its beginning without a jump, with few elements at a time', async () => {
    const { page, problems } = await askwire.open(`/c/${sessionId}`)
    await question(page, TURNS - 1).waitFor()
    await page.getByText(`Answer ${TURNS - 1}.`).waitFor()
    await waitFor(async () => (await distanceToEnd(page)) < 2, { what: 'its end is on show' })

    const { jumps, elements } = await readUpwards(page)
    expect(jumps).toEqual([])
    expect(elements).toBeLessThan(MAX_ELEMENTS)
    expect(await question(page, 0).count()).toBe(1)

    await page.getByRole('button', { name: 'Go to the latest message' }).click()
    await question(page, TURNS - 1).waitFor()
    await question(page, 0).waitFor({ state: 'detached' })
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('is searched page by page; a hit opens at its message, however far back', async () => {
    const { page } = await askwire.open()
    await page.getByRole('searchbox', { name: 'Search sessions' }).fill('"Question 7"')
    const hits = page.locator(`a[href^="/c/${sessionId}#"]`)
    await hits.getByText('Question 7?', { exact: true }).click()
    await page.waitForURL(/#[0-9a-f-]{36}$/)
    await page
      .locator(`[data-found="question"] [data-message="${page.url().slice(-36)}"]`)
      .getByText('Question 7?')
      .waitFor()

    await page.getByRole('searchbox', { name: 'Search sessions' }).fill('points')
    await hits.getByText('point').nth(1).waitFor()
    const first = await hits.count()
    await hits.last().scrollIntoViewIfNeeded()
    await waitFor(async () => (await hits.count()) > first, { what: 'the next page of hits' })
    const places = await hits.evaluateAll((all) => all.map((hit) => hit.getAttribute('href')))
    expect(new Set(places).size).toBe(places.length)
    await page.context().close()
  })

  test('is walked through by keyboard, with the focus always in sight', async () => {
    const { page } = await askwire.open(`/c/${sessionId}`)
    await page.getByText(`Answer ${TURNS - 1}.`).waitFor()
    await page.getByRole('textbox', { name: 'Your question' }).focus()
    const focused = page.locator('[data-turn] :focus')
    const turns = new Set<string>()
    for (let step = 0; step < 200 && turns.size < 8; step += 1) {
      await page.keyboard.press('Shift+Tab')
      await focused.waitFor()
      const { place, outline, turn } = await page.evaluate<Focused>(FOCUSED)
      expect(outline).not.toBe('none')
      expect(place).toBe('in sight')
      turns.add(turn)
    }
    expect(turns.size).toBe(8)
    await page.context().close()
  })

  test('opens at a message in its middle', async () => {
    const messages = await allMessages(askwire.url, sessionId)
    const hit = messages.find(({ role, content }) => role === 'assistant' && content.startsWith('Answer 400.'))
    const { page, problems } = await askwire.open(`/c/${sessionId}#${hit?.id}`)
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

describe('an answer', () => {
  test('with a table, code, formulas and a diagram fits a phone; a block shows its source until it is complete', async () => {
    const { page, problems } = await askwire.open('/', { viewport: { width: 390, height: 800 } })
    // The fence is not closed, and the model says no more.
    askwire.model.behave({ text: RICH, count: 2, fail: 'hang', after: 1 })
    await ask(page, 'Show me.')
    const markdown = answerAt(page, 0).locator('.markdown')
    await markdown.locator('.hljs-keyword').first().waitFor()
    await waitFor(async () => (await markdown.locator('.formula .katex').count()) === 2, {
      what: 'both formulas are set',
    })
    expect(await markdown.getByText('costs $5 or $10').count()).toBe(1)
    expect(await markdown.locator('pre', { hasText: 'graph TD' }).count()).toBe(1)
    expect(await markdown.locator('.diagram').count()).toBe(0)
    await page.getByRole('button', { name: 'Stop' }).click()
    await markdown.getByRole('img', { name: 'Diagram' }).waitFor()

    const overflow = (box: { scrollWidth: number; clientWidth: number }): number => box.scrollWidth - box.clientWidth
    expect(await page.locator('.scroller').evaluate(overflow)).toBe(0)
    expect(await page.locator('body').evaluate(overflow)).toBe(0)
    expect(await markdown.locator('.table-scroll').evaluate(overflow)).toBeGreaterThan(100)
    expect(problems).toEqual([])
    await page.context().close()
  })
})

const RICH = [
  'It costs $5 or $10. Let $x^2$ be.',
  '$$\n\\int_0^1 x\\,dx\n$$',
  `| ${'column | '.repeat(12)}\n|${'---|'.repeat(12)}\n| ${'value | '.repeat(12)}`,
  '```ts\nconst value = 1\n```',
  '```mermaid\ngraph TD\n A --> B',
].join('\n\n')

type Focused = { place: string; outline: string; turn: string }

/** Where the focus is and how it shows. As text: this project is checked without the browser's types. */
const FOCUSED = `(() => {
  const element = document.activeElement
  const box = document.querySelector('.scroller').getBoundingClientRect()
  const { top, bottom } = element.getBoundingClientRect()
  return {
    place: bottom > box.top && top < box.bottom ? 'in sight' : 'away at ' + top,
    outline: getComputedStyle(element).outlineStyle,
    turn: element.closest('[data-turn]').dataset.turn,
  }
})()`

describe('a network that goes away', () => {
  let cable: TcpProxy
  beforeAll(async () => {
    cable = await startTcpProxy({ target: { host: '127.0.0.1', port: askwire.port } })
  })
  afterAll(() => cable?.close())

  test('for ten seconds in mid-answer, and a reload in the next one, lose nothing; another browser is in step', async () => {
    const { page, problems } = await askwire.open(`http://127.0.0.1:${cable.port}`)
    const other = await askwire.open()
    // Each token is a number that comes once, greater than the one before.
    askwire.model.behave({ answer: 'stamp', count: 200, interval: 100, hold: true, after: 40 })
    const question = 'What is the time, again and again?'
    await ask(page, question)
    const sessionId = await sessionIdOf(page)
    await waitForTokens(page, 0, 20)
    await other.page.getByRole('navigation', { name: 'Sessions' }).locator(`a[href="/c/${sessionId}"]`).click()
    await waitForTokens(other.page, 0, 20)

    const before = tokensSent(question)
    await page.context().setOffline(true)
    cable.mode = 'refuse'
    cable.reset()
    await page.getByText('Connection lost. Reconnecting…').waitFor()
    await page.getByRole('textbox', { name: 'Your question' }).fill('Half a thought')
    // The model goes on: a hundred tokens are ten seconds.
    askwire.model.behave({})
    askwire.model.release()
    await waitFor(() => tokensSent(question) >= before + 100, { what: 'ten seconds have gone by', timeoutMs: 60_000 })
    const offline = (await tokensIn(page, 0)).length
    cable.mode = 'pass'
    await page.context().setOffline(false)

    expect(await finishedAnswer(page)).not.toBe('')
    const stored = await storedAnswers(sessionId)
    expect(await tokensIn(page, 0)).toEqual(stored[0])
    expect(stored[0]).toHaveLength(200)
    expect(offline).toBeLessThan(200)
    await finishedAnswer(other.page)
    expect(await tokensIn(other.page, 0)).toEqual(stored[0])
    // What was typed meanwhile is kept, here and for other devices.
    expect(await page.getByRole('textbox', { name: 'Your question' }).inputValue()).toBe('Half a thought')
    await waitFor(async () => (await draftOf(sessionId)) === 'Half a thought', {
      what: 'the draft is stored',
      timeoutMs: 30_000,
    })

    askwire.model.behave({ answer: 'stamp', count: 120, interval: 50 })
    await ask(page, 'And now?')
    await waitForTokens(page, 1, 20)
    await page.reload()
    await waitForTokens(page, 1, 20)
    for (const one of [page, other.page]) {
      await finishedAnswer(one, 1)
      expect(await tokensIn(one, 1)).toEqual((await storedAnswers(sessionId))[1])
    }
    expect((await storedAnswers(sessionId))[1]).toHaveLength(120)
    const titleOn = (one: Page): Promise<string | null> => one.getByRole('heading', { level: 1 }).textContent()
    await waitFor(async () => (await titleOn(other.page)) === (await titleOn(page)), { what: 'both show one title' })
    expect([...problems, ...other.problems]).toEqual([])
    await Promise.all([page.context().close(), other.page.context().close()])
  })
})

/** Tokens the model has sent of the answer to this question: it may be asked for the title of an earlier session meanwhile. */
const tokensSent = (question: string): number =>
  askwire.model.requests.find(({ stream, messages }) => stream && messages.at(-1)?.content.includes(question))
    ?.tokensSent ?? 0

const tokensOf = (text: string): string[] => text.match(/~\d+/g) ?? []

async function tokensIn(page: Page, index: number): Promise<string[]> {
  return tokensOf((await answerAt(page, index).locator('.markdown').textContent()) ?? '')
}

async function waitForTokens(page: Page, index: number, count: number): Promise<void> {
  await answerAt(page, index).locator('.markdown').waitFor()
  await waitFor(async () => (await tokensIn(page, index)).length >= count, {
    what: `${count} tokens are on the page`,
    timeoutMs: 30_000,
  })
}

/** The tokens of each stored answer, oldest first. */
async function storedAnswers(sessionId: string): Promise<string[][]> {
  const messages = await allMessages(askwire.url, sessionId)
  return messages
    .filter(({ role }) => role === 'assistant')
    .map(({ content }) => tokensOf(content))
    .reverse()
}

async function draftOf(sessionId: string): Promise<string> {
  return sessionDetail.parse(await (await fetch(`${askwire.url}/api/sessions/${sessionId}`)).json()).draft
}

const distanceToEnd = (page: Page): Promise<number> =>
  page.locator('.scroller').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight)
