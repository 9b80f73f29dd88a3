import { fileURLToPath } from 'node:url'
import { type FakeModel, startFakeModel } from '@askwire/testing'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { answerAt, ask, finishedAnswer, textOf } from './support/chat-page.ts'
import { openBrowser, openPage } from './support/open-browser.ts'
import { type StandaloneProcess, startStandalone } from './support/start-standalone.ts'

jest.setTimeout(90_000)

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url))

/** What a poisoned model may say. Each sets `__ran`, asks a foreign server or leads astray when it is believed. */
const PAYLOADS = [
  `<script>globalThis.__ran = 'script'</script>`,
  `<img src=x onerror="globalThis.__ran='onerror'">`,
  `<svg onload="globalThis.__ran='svg'"><a href="javascript:globalThis.__ran='svg link'"><text>x</text></a></svg>`,
  `<iframe srcdoc="<script>parent.__ran='srcdoc'</script>"></iframe>`,
  `<iframe src="https://canary.invalid/frame"></iframe>`,
  `<details open ontoggle="globalThis.__ran='toggle'"><summary>x</summary></details>`,
  `<style>@import url(https://canary.invalid/style.css); body { background: url(https://canary.invalid/bg.png) }</style>`,
  `<link rel="stylesheet" href="https://canary.invalid/link.css"><base href="https://canary.invalid/">`,
  `<meta http-equiv="refresh" content="0;url=https://canary.invalid/meta">`,
  `<form action="https://canary.invalid/form"><input autofocus onfocus="globalThis.__ran='focus'"></form>`,
  `[click me](javascript:globalThis.__ran='link')`,
  `[click me](java&#x0A;script:globalThis.__ran='entity')`,
  `[click me](<JaVaScRiPt:globalThis.__ran='case'>)`,
  `[click me](data:text/html,<script>opener.__ran='data'</script>)`,
  `[click me](vbscript:globalThis.__ran='vb')`,
  `[own route](/api/runs) [up](../../health) [host](//canary.invalid/slashes)`,
  `<javascript:globalThis.__ran='auto'>`,
  `![pixel](https://canary.invalid/pixel.png?q=secret)`,
  `![pixel](https://canary.invalid/"onerror="globalThis.__ran='alt' "title")`,
  `[![nested](https://canary.invalid/nested.png)](https://canary.invalid/page)`,
  `[ref]\n\n[ref]: javascript:globalThis.__ran='reference'`,
  `[^1]\n\n[^1]: <img src=x onerror="globalThis.__ran='footnote'">`,
  `| a |\n|---|\n| <img src=x onerror="globalThis.__ran='table'"> |`,
  '```html\n<script>globalThis.__ran = "fence"</script>\n```',
  '```"onmouseover="globalThis.__ran=1\nx\n```',
  `$$\\href{javascript:globalThis.__ran='math'}{x}$$`,
  '```mermaid\ngraph TD\n click A "javascript:globalThis.__ran=1"\n```',
]

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

const ran = (page: Page): Promise<unknown> => page.evaluate(() => (globalThis as { __ran?: unknown }).__ran)

describe('what a model says', () => {
  test('runs nothing, loads nothing and links only where it may', async () => {
    const text = PAYLOADS.join('\n\n')
    model.behave({ text: `${text}\n\nThe end.`, count: 1 })
    const { page, problems, outside } = await openPage(browser, askwire.url)
    await ask(page, 'What do you say?')
    expect(await finishedAnswer(page)).toContain('The end.')

    const markdown = answerAt(page, 0).locator('.markdown')
    expect(
      await markdown
        .locator('script, img, iframe, svg:not([data-icon]), style, link, base, meta, form, details, object')
        .count(),
    ).toBe(0)
    const links = await markdown
      .locator('a')
      .evaluateAll((all) =>
        all.map((link) => ({ href: link.getAttribute('href'), rel: link.getAttribute('rel'), text: link.textContent })),
      )
    // The two images, and the page behind the third.
    expect(links).toHaveLength(3)
    for (const link of links) {
      expect(link).toEqual({
        href: expect.stringMatching(/^https:\/\/canary\.invalid\//),
        rel: 'noopener noreferrer nofollow',
        text: expect.stringContaining('canary.invalid'),
      })
    }
    // Everything that can be clicked without leaving the page is clicked.
    for (const text of await markdown.getByText('click me').all()) await text.click()
    expect(await ran(page)).toBeUndefined()
    expect(outside).toEqual([])
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('is as harmless at every point of its arrival', async () => {
    model.behave({ text: 'x', count: 1 })
    const { page, problems, outside } = await openPage(browser, askwire.url)
    for (const [index, payload] of PAYLOADS.slice(0, 4).entries()) {
      // Cut in the middle: what is left open must not become an element either.
      model.behave({ text: payload.slice(0, Math.ceil(payload.length / 2)), count: 2 })
      await ask(page, `Part ${index}?`)
      await finishedAnswer(page, index)
    }
    expect(await page.locator('.markdown').locator('script, img, iframe, svg:not([data-icon])').count()).toBe(0)
    expect(await ran(page)).toBeUndefined()
    expect(outside).toEqual([])
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('what a document says', () => {
  test('is shown as text in the source panel', async () => {
    model.behave({ text: 'On Mondays [1].', count: 1 })
    const { page, problems, outside } = await openPage(browser, askwire.url)
    await ask(page, 'On which day is the Quillon press oiled?')
    await finishedAnswer(page)
    await answerAt(page, 0)
      .locator('.markdown')
      .getByRole('button', { name: /hostile/ })
      .click()
    await page.locator('.passage mark').waitFor()
    expect(await textOf(page.locator('.passage'))).toContain('onerror=')
    expect(await page.locator('.source-panel').locator('script, img, iframe').count()).toBe(0)
    expect(await ran(page)).toBeUndefined()
    expect(outside).toEqual([])
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('what a person asks', () => {
  test('is shown as it was typed, also as the name of the session', async () => {
    model.behave({ text: 'Fine.', count: 1 })
    const question = `<img src=x onerror="globalThis.__ran='question'"> **bold** [x](javascript:globalThis.__ran='q')`
    const { page, problems, outside } = await openPage(browser, askwire.url)
    await ask(page, question)
    await finishedAnswer(page)
    expect(await textOf(page.locator('.question .ant-bubble-content'))).toBe(question)
    expect(await textOf(page.getByRole('heading', { level: 1 }))).toBe(question)
    await page.reload()
    await finishedAnswer(page)
    expect(await ran(page)).toBeUndefined()
    expect(outside).toEqual([])
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('the page', () => {
  test('is served under a policy that allows no foreign and no inline script', async () => {
    const response = await fetch(askwire.url)
    const policy = response.headers.get('content-security-policy') ?? ''
    const directive = (name: string): string | undefined =>
      policy
        .split(';')
        .map((part) => part.trim())
        .find((part) => part.startsWith(`${name} `))
    expect(directive('default-src')).toBe("default-src 'none'")
    expect(directive('script-src')).toBe("script-src 'self'")
    expect(directive('connect-src')).toBe("connect-src 'self'")
    expect(directive('img-src')).toBe("img-src 'self' data:")
    expect(await response.text()).not.toMatch(/<script(?![^>]* src=)|<style| on[a-z]+=/i)
  })
})
