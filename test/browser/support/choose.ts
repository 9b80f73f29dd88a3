import type { Locator } from 'playwright-core'

/** Opens the menu of a button and takes an action out of it, by keyboard: on a busy machine a click may come before the menu has its place. */
export async function choose(button: Locator, action: string): Promise<void> {
  await button.press('Enter')
  await button.page().getByRole('menuitem', { name: action, exact: true }).press('Enter')
}
