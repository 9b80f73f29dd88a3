import { randomBytes } from 'node:crypto'
import { sendRequest } from './send-request.ts'

type Credential = { authorization: string }

/** Accounts that the virtual users share among them: several, so that nobody's data is everybody's. */
export type Accounts = {
  /** Headers of the account that stands for this virtual user, always the same one. */
  headersOf(user: string): Credential
  /** Headers of the account with that id. Throws a `RangeError` for another. */
  headersOfId(userId: string): Credential
  close(): void
}

/** Access tokens live for 15 minutes. */
const RENEW_AFTER_MS = 10 * 60_000
const TRY_AGAIN_MS = 5000

/** Registers accounts, and signs them in again before their tokens end. The first on a new database owns it. */
export async function openAccounts(gateways: () => readonly string[], count = 4): Promise<Accounts> {
  const password = randomBytes(16).toString('hex')
  const run = randomBytes(4).toString('hex')
  const emails = Array.from({ length: count }, (_, at) => `load-${run}-${at + 1}@example.com`)
  const held: { id: string; credential: Credential }[] = []
  // One after another: the first is the owner.
  for (const email of emails) held.push(await enter(gateways()[0] ?? '', 'register', { email, password, name: 'Load' }))

  let timer: NodeJS.Timeout | undefined
  const renew = async (): Promise<void> => {
    try {
      const urls = gateways()
      for (const [at, email] of emails.entries()) {
        held[at] = await enter(urls[at % urls.length] ?? '', 'login', { email, password })
      }
      plan(RENEW_AFTER_MS)
    } catch {
      // A fault is on: the old tokens are good for five minutes more.
      plan(TRY_AGAIN_MS)
    }
  }
  const plan = (ms: number): void => {
    timer = setTimeout(() => void renew(), ms).unref()
  }
  plan(RENEW_AFTER_MS)

  const found = (one: (typeof held)[number] | undefined): Credential => {
    if (!one) throw new RangeError('there is no such account')
    return one.credential
  }
  return {
    headersOf: (user) => found(held[[...user].reduce((sum, char) => sum + (char.codePointAt(0) ?? 0), 0) % count]),
    headersOfId: (userId) => found(held.find(({ id }) => id === userId)),
    close: () => clearTimeout(timer),
  }
}

async function enter(gateway: string, how: 'register' | 'login', json: Record<string, string>) {
  const { status, body } = await sendRequest(`${gateway}/api/auth/${how}`, { method: 'POST', json })
  if (status !== 200 && status !== 201) throw new Error(`no ${how}: ${status} ${JSON.stringify(body.error)}`)
  const { id } = body.user as { id: string }
  return { id, credential: { authorization: `Bearer ${String(body.accessToken)}` } }
}
