import { createHash } from 'node:crypto'
import type { KnownPerson } from './known-person.ts'

/** Who is behind a credential, and until when (milliseconds since 1970) that may be believed. */
export type Found = { person: KnownPerson; endsAt: number }

export type PrincipalCache = {
  /** What `find` finds, kept for at most `keptMs` (two seconds). Nobody is never kept. */
  get(credential: string, find: () => Promise<Found | undefined>): Promise<KnownPerson | undefined>
  /** Forgets a user, or everyone of a tenant, also what is being read at the moment. */
  forget(who: { tenantId: string; userId: string | null }): void
}

const KEPT_MS = 2000
const MAX_ENTRIES = 10_000

/** Keyed by the full hash of the credential: two that only begin alike are two. Past `MAX_ENTRIES` the oldest goes. */
export function createPrincipalCache(
  now: () => number,
  options: { elapsed?: () => number; keptMs?: number | undefined } = {},
): PrincipalCache {
  const { elapsed = () => performance.now(), keptMs = KEPT_MS } = options
  const kept = new Map<string, { found: Found; until: number }>()
  const reading = new Map<string, Promise<Found | undefined>>()
  let changes = 0

  const read = (key: string, find: () => Promise<Found | undefined>): Promise<Found | undefined> => {
    const seen = changes
    const result = find()
      .then((found) => {
        // Read before a change that came meanwhile: good for those who asked before it, and for nobody after.
        if (found && seen === changes) keep(key, found)
        return found
      })
      .finally(() => {
        if (reading.get(key) === result) reading.delete(key)
      })
    reading.set(key, result)
    return result
  }
  const keep = (key: string, found: Found): void => {
    kept.delete(key)
    kept.set(key, { found, until: elapsed() + keptMs })
    if (kept.size <= MAX_ENTRIES) return
    const oldest = kept.keys().next()
    if (!oldest.done) kept.delete(oldest.value)
  }

  return {
    get: async (credential, find) => {
      const key = createHash('sha256').update(credential).digest('base64url')
      const entry = kept.get(key)
      const found = entry && entry.until > elapsed() ? entry.found : await (reading.get(key) ?? read(key, find))
      return found && found.endsAt > now() ? found.person : undefined
    },
    forget: ({ tenantId, userId }) => {
      changes += 1
      reading.clear()
      for (const [key, { found }] of kept) {
        const { person } = found
        if (person.tenantId === tenantId && (userId === null || person.userId === userId)) kept.delete(key)
      }
    },
  }
}
