import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import { hashSecret, newSecret } from './random-secret.ts'
import type { Sealer } from './sealer.ts'

/** A signing key as it is stored: the private part sealed. */
export type StoredKey = {
  kid: string
  publicJwk: Record<string, unknown>
  sealedPrivateKey: Buffer
  signsUntil: Date
  verifiesUntil: Date
}

/** Where the keys are kept, for all replicas. */
export type KeyStorage = {
  /** The keys that still verify. */
  list(): Promise<StoredKey[]>
  /** Adds the key unless there is one that is not among `known`: of many replicas that want a new key, one makes it. */
  add(key: StoredKey, known: readonly string[]): Promise<void>
}

export type SigningKey = { kid: string; privateKey: KeyObject }

export type KeyRing = {
  /** The key to sign with; makes one when there is none. */
  signing(): Promise<SigningKey>
  /** The public key of a `kid`, read again from the storage when it is not known; undefined when there is none. */
  verifying(kid: string): Promise<KeyObject | undefined>
  /** Reads the storage again and makes the next key when the present one is near its end. */
  refresh(): Promise<void>
}

type Key = SigningKey & { publicKey: KeyObject; signsUntilMs: number; verifiesUntilMs: number }

const DAY_MS = 86_400_000
const SIGNS_MS = 30 * DAY_MS
const VERIFIES_LONGER_MS = DAY_MS
/** The next key is made this long before the present one ends, so that every replica knows it before it signs. */
const AHEAD_MS = DAY_MS
/** Unknown ids make the storage be read at most this often, however many a stranger sends. */
const REREAD_MS = 1000
const STALE_MS = 600_000

/** The Ed25519 keys of an installation. A key whose private part does not open under the present secrets neither signs nor verifies. */
export function createKeyRing(options: { storage: KeyStorage; sealer: Sealer; now: () => number }): KeyRing {
  const { storage, sealer, now } = options
  let keys: Key[] = []
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  const read = (): Promise<void> => {
    reading ??= load().finally(() => {
      reading = undefined
    })
    return reading
  }
  const load = async (): Promise<void> => {
    readAt = now()
    const stored = await storage.list()
    keys = stored.map((key) => openKey(key, sealer)).filter((key) => key !== undefined)
    if (keys.some((key) => key.signsUntilMs > now() + AHEAD_MS)) return
    await storage.add(
      makeKey(sealer, now()),
      stored.map((key) => key.kid),
    )
    keys = (await storage.list()).map((key) => openKey(key, sealer)).filter((key) => key !== undefined)
  }
  /** Of those that may sign, the one that ends first: it is known everywhere for longest. */
  const current = (): Key | undefined =>
    keys.filter((key) => key.signsUntilMs > now()).sort((a, b) => a.signsUntilMs - b.signsUntilMs)[0]
  const find = (kid: string): Key | undefined => keys.find((key) => key.kid === kid && key.verifiesUntilMs > now())

  return {
    signing: async () => {
      if (!current() || now() - readAt > STALE_MS) await read()
      const key = current()
      if (!key) throw new Error('there is no key to sign with')
      return key
    },
    verifying: async (kid) => {
      const known = find(kid)
      if (known) return known.publicKey
      // A key another replica has just made: read again, but not for each unknown id.
      if (reading || now() - readAt >= REREAD_MS) await read()
      return find(kid)?.publicKey
    },
    refresh: read,
  }
}

function openKey(stored: StoredKey, sealer: Sealer): Key | undefined {
  const pkcs8 = sealer.open('signing-key', stored.kid, stored.sealedPrivateKey)
  if (!pkcs8) return undefined
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  return {
    kid: stored.kid,
    privateKey,
    // Not the stored public part: whoever could only write to the table would make keys of their own with it.
    publicKey: createPublicKey(privateKey),
    signsUntilMs: stored.signsUntil.getTime(),
    verifiesUntilMs: stored.verifiesUntil.getTime(),
  }
}

function makeKey(sealer: Sealer, nowMs: number): StoredKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const publicJwk: JWK = publicKey.export({ format: 'jwk' })
  const kid = hashSecret(newSecret('')).toString('base64url').slice(0, 22)
  return {
    kid,
    publicJwk: { ...publicJwk, kid, alg: 'EdDSA', use: 'sig' },
    sealedPrivateKey: sealer.seal('signing-key', kid, privateKey.export({ format: 'der', type: 'pkcs8' })),
    signsUntil: new Date(nowMs + SIGNS_MS),
    verifiesUntil: new Date(nowMs + SIGNS_MS + VERIFIES_LONGER_MS),
  }
}
