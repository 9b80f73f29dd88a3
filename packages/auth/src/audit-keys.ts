import { deriveKey } from './sealer.ts'

/** The keys of the audit chain: the first seals, each verifies. A secret that is forgotten makes what it sealed unverifiable. */
export function auditKeys(secret: string, previous?: string): readonly [Uint8Array, ...Uint8Array[]] {
  const before = previous === undefined ? [] : [deriveKey(previous, 'audit')]
  return [deriveKey(secret, 'audit'), ...before]
}
