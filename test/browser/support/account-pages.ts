import { createHmac } from 'node:crypto'
import type { Locator, Page } from 'playwright-core'

export type Person = { name: string; email: string; password: string }

/** Fills the sign-up form on show and sends it. */
export async function signUp(page: Page, { name, email, password }: Person): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Mail address').fill(email)
  await page.getByLabel('New password').fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByText(name, { exact: true }).waitFor()
}

/** Fills the sign-in form on show and sends it. */
export async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel('Mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Signs in, and waits until the page has taken it in: who leaves it sooner takes the request with them. */
export async function enterAs(page: Page, person: Person): Promise<void> {
  await signIn(page, person)
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor({ state: 'detached' })
}

/** The dialog with this name. */
export const dialog = (page: Page, name: string | RegExp): Locator => page.getByRole('dialog', { name })

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The six digits an authenticator with this Base32 secret shows now, or some steps of 30 s later (RFC 6238, SHA-1). */
export function totp(secret: string, stepsLater = 0): string {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsLater))
  const mac = createHmac('sha1', key).update(counter).digest()
  const at = mac.readUInt8(mac.length - 1) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
