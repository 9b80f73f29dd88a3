import type { Page } from 'playwright-core'

/** A small phone held upright, for the context of a page. */
export const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }

export async function isNoWiderThanItsScreen(page: Page): Promise<boolean> {
  const [whole, seen] = await page.locator('body').evaluate((body) => [body.scrollWidth, body.clientWidth])
  return whole === seen
}
