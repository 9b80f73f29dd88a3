import type { RateLimit, RateLimiter } from '@askwire/cache'
import { AppError } from '@askwire/contracts'
import type { GatewayConfig } from '../config.ts'
import type { GatewayEvents } from '../events.ts'
import { addressKey } from './address-key.ts'

/** What can be tried: a password, a new account, mail with a reset link, that link, a refresh token, a one-time or backup code, the key of a share, its password, the address of a colleague; and to have something large done. */
export type Attempt =
  | 'login'
  | 'register'
  | 'forgot'
  | 'reset'
  | 'refresh'
  | 'mfa'
  | 'share'
  | 'share_password'
  | 'member'
  | 'import'
  | 'export'

/** Limits on tries, for the use cases of accounts. */
export type Limits = {
  /**
   * Counts a try, before anything is looked up or compared. Throws `rate_limited`, with the wait, when the account or the address
   * has none left. `account` is the mail address or user id the try is about, known or not; leave it out when there is none.
   */
  attempt(kind: Attempt, who: { address: string; account?: string }): Promise<void>
  /** A try that was right gives the account its tries back. The address gets none: it may hold one account and try others. */
  succeeded(kind: Attempt, account: string): Promise<void>
  /** Forgets what is counted of somebody who is being erased. */
  forget(person: { userId: string; email: string }): Promise<void>
}

const WINDOW_MS = 15 * 60_000

/** Shares of ASKWIRE_ACCOUNT_ATTEMPTS and ASKWIRE_ADDRESS_ATTEMPTS. A code has six digits, a reset mail goes to a person, a refresh is routine. */
const SHARES: Record<Attempt, { account: number; address: number }> = {
  login: { account: 1, address: 1 },
  register: { account: 1, address: 1 },
  forgot: { account: 0.3, address: 0.5 },
  reset: { account: 1, address: 0.5 },
  refresh: { account: 3, address: 10 },
  mfa: { account: 0.5, address: 1 },
  // Reading shared pages is routine; their keys cannot be guessed. The account of a password is the key.
  share: { account: 1, address: 10 },
  share_password: { account: 1, address: 0.5 },
  // Somebody opens a session to a whole team at once; an address that nobody has is told apart from one that somebody has.
  member: { account: 5, address: 5 },
  import: { account: 2, address: 1 },
  export: { account: 1, address: 1 },
}

/** Limits on tries over the rate limiter that the replicas share. */
export function createLimits(limiter: RateLimiter, config: GatewayConfig, events: GatewayEvents): Limits {
  const limitOf = (kind: Attempt, of: 'account' | 'address'): RateLimit => {
    const whole = of === 'account' ? config.ASKWIRE_ACCOUNT_ATTEMPTS : config.ASKWIRE_ADDRESS_ATTEMPTS
    return { limit: Math.max(1, Math.round(whole * SHARES[kind][of])), windowMs: WINDOW_MS }
  }
  const accountKey = (kind: Attempt, account: string): string =>
    `${kind}:account:${account.normalize('NFKC').trim().toLowerCase()}`

  return {
    attempt: async (kind, { address, account }) => {
      const takes = [limiter.take(`${kind}:address:${addressKey(address)}`, limitOf(kind, 'address'))]
      if (account !== undefined) takes.push(limiter.take(accountKey(kind, account), limitOf(kind, 'account')))
      const waits = (await Promise.all(takes)).filter(({ allowed }) => !allowed).map((taken) => taken.retryAfterMs)
      if (waits.length === 0) return
      events.rateLimited(kind)
      throw new AppError('rate_limited', 'Too many tries. Wait before the next one.', {
        retryAfterMs: Math.max(...waits),
      })
    },
    forget: async ({ userId, email }) => {
      const kinds = Object.keys(SHARES) as Attempt[]
      const keys = kinds.flatMap((kind) => [accountKey(kind, email), accountKey(kind, userId)])
      await Promise.all([...keys, `person:${userId}`].map((key) => limiter.forget(key)))
    },
    succeeded: async (kind, account) => await limiter.forget(accountKey(kind, account)),
  }
}
