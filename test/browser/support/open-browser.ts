import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's Chromium without a window, with a fresh profile. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: ARGS })
}

export type WatchedPage = {
  page: Page
  /** Exceptions of the page's scripts and violations of its content security policy. */
  problems: string[]
  /** Requests to any other place than the page's own. */
  outside: string[]
}

/**
 * A page in a context of its own (no cookies, no storage) that writes down what should never happen. Nothing moves by itself in it: a
 * click on a button that a busy machine is still bringing in comes down beside it, and nobody is told.
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const usual = { viewport: { width: 1280, height: 800 }, locale: 'en-US', reducedMotion: 'reduce' } as const
  const context = await browser.newContext({ ...usual, ...options })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const problems: string[] = []
  const outside: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) problems.push(message.text())
  })
  context.on('request', (request) => {
    if (!request.url().startsWith(`${new URL(url).origin}/`)) outside.push(request.url())
  })
  await page.goto(url)
  return { page, problems, outside }
}
