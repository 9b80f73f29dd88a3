import {
  type AccessTokens,
  auditKeys,
  createAccessTokens,
  createKeyRing,
  createPasswords,
  createSealer,
  type KeyRing,
  type Passwords,
  type Sealer,
} from '@askwire/auth'
import type { Clock } from '@askwire/runtime'
import { type AuditKeys, addSigningKey, listSigningKeys, type Store } from '@askwire/store'
import type { GatewaySecrets } from '../config.ts'

/** What signing in works with. It holds the secrets, so that nothing else has to. */
export type AuthKit = {
  passwords: Passwords
  sealer: Sealer
  keys: KeyRing
  accessTokens: AccessTokens
  auditKeys: AuditKeys
}

/** Builds it over the keys in the database. */
export function createAuthKit(
  { store, clock }: { store: Store; clock: Clock },
  secrets: GatewaySecrets,
  issuer: string,
): AuthKit {
  const sealer = createSealer(secrets.ASKWIRE_AUTH_SECRET, secrets.ASKWIRE_AUTH_SECRET_PREVIOUS)
  const keys = createKeyRing({
    sealer,
    now: clock.now,
    storage: {
      list: () => listSigningKeys(store),
      add: (key, known) => addSigningKey(store, key, known),
    },
  })
  return {
    passwords: createPasswords(),
    sealer,
    keys,
    auditKeys: auditKeys(secrets.ASKWIRE_AUTH_SECRET, secrets.ASKWIRE_AUTH_SECRET_PREVIOUS),
    accessTokens: createAccessTokens({ ring: keys, issuer, now: clock.now }),
  }
}
