import type { ApiError } from '../api/api-error.ts'

/** What is known of the access this browser has: whose it is and when it ends. The token itself no script can read. */
export type Access = { readonly userId: string; readonly expiresAt: string }

/** `fresh`: send it again. `ended`: there is no login any more. */
export type Renewal = 'fresh' | 'ended'

export type RenewalPorts = {
  /** Asks the gateway for a new access. Rejects with an `ApiError`, `unauthenticated` when the login is over. */
  refresh(): Promise<Access>
  /** Runs one work at a time in all tabs of this browser. */
  exclusive<T>(work: () => Promise<T>): Promise<T>
  read(): string | null
  write(access: Access | null): void
  onEnded(): void
}

/**
 * Renews the access, once for all who ask in all tabs: a refresh token works once, and using it twice ends the login. `used` is
 * the access that was refused; when another tab has renewed it meanwhile there is nothing to do. (A browser may tell a tab late of
 * what another one has stored; then it renews once more, with the newest cookie, which does no harm.) Rejects when the gateway is away.
 */
export function createRenewal(ports: RenewalPorts): (used: string | null) => Promise<Renewal> {
  let underWay: Promise<Renewal> | undefined

  const renewOnce = async (used: string | null): Promise<Renewal> => {
    const now = ports.read()
    if (now !== used) return now === null ? 'ended' : 'fresh'
    try {
      ports.write(await ports.refresh())
      return 'fresh'
    } catch (error) {
      if ((error as Partial<ApiError>).code !== 'unauthenticated') throw error
      ports.write(null)
      ports.onEnded()
      return 'ended'
    }
  }

  return (used) => {
    underWay ??= ports
      .exclusive(() => renewOnce(used))
      .finally(() => {
        underWay = undefined
      })
    return underWay
  }
}

/** Milliseconds until an access should be renewed: a minute before its end, but never at once again should the clock be wrong. */
export function renewInMs(access: Access, now: number): number {
  const left = Date.parse(access.expiresAt) - now
  return Number.isFinite(left) ? Math.max(left - RENEW_BEFORE_MS, MIN_RENEW_MS) : MIN_RENEW_MS
}

const RENEW_BEFORE_MS = 60_000
const MIN_RENEW_MS = 30_000

/** The access in stored text; null when it is none. */
export function parseAccess(text: string | null): Access | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    if (typeof value !== 'object' || value === null) return null
    if (!('userId' in value) || typeof value.userId !== 'string') return null
    if (!('expiresAt' in value) || typeof value.expiresAt !== 'string') return null
    return { userId: value.userId, expiresAt: value.expiresAt }
  } catch {
    return null
  }
}
