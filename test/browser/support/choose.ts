import type { Locator } from 'playwright-core'

/** Opens the menu of a button by keyboard and takes an action out of it. */
export async function choose(button: Locator, action: string): Promise<void> {
  await button.press('Enter')
  await button.page().getByRole('menuitem', { name: action, exact: true }).click()
}
