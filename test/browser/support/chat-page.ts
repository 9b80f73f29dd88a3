import type { Locator, Page } from 'playwright-core'

/** All text in an element, also what is not in sight. */
export async function textOf(element: Locator): Promise<string> {
  return (await element.textContent()) ?? ''
}

/** Types a question and sends it with Enter. */
export async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole('textbox').fill(question)
  await page.keyboard.press('Enter')
}

/** The nth answer of the session, from 0. */
export const answerAt = (page: Page, index: number): Locator =>
  page.getByRole('region', { name: /^(Answer|回答)$/ }).nth(index)

/** Waits until the nth answer is complete, and gives its text. */
export async function finishedAnswer(page: Page, index = 0): Promise<string> {
  const answer = answerAt(page, index)
  await answer.locator('.answer-footer').waitFor()
  return await textOf(answer.locator('.markdown'))
}

/** The session's id, as the address has it. */
export async function sessionIdOf(page: Page): Promise<string> {
  await page.waitForURL(/\/c\/[0-9a-f-]{36}$/)
  return page.url().slice(-36)
}
