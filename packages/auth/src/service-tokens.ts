import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { AppError } from '@askwire/contracts'
import { SignJWT } from 'jose'
import { hashSecret } from './random-secret.ts'
import { deriveKey } from './sealer.ts'
import { verifyToken } from './verify-token.ts'

/** Makes the worker's `Authorization` header for the agent. */
export type ServiceTokenSigner = { authorization(): Promise<string> }

/** Tells whether an `Authorization` header carries a valid service token. Never rejects. */
export type ServiceTokenCheck = (authorization: string | undefined) => Promise<boolean>

const MIN_SECRET_CHARS = 32
const TTL_SECONDS = 5 * 60
/** A token is used until this long before its end. */
const RENEW_BEFORE_MS = 60_000
/** A worker has one token at a time. */
const MAX_KNOWN = 1000
const TYP = 'svc+jwt'
const ISSUER = 'askwire:worker'
const AUDIENCE = 'askwire:agent'
/** What comes before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 §7). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * Signs short-lived tokens with the Ed25519 key that both sides derive from their secret; the secret itself never travels. Throws
 * `invalid_request` for a secret that is too short.
 */
export function createServiceTokenSigner(secret: string, now: () => number): ServiceTokenSigner {
  const { privateKey, kid } = deriveKeyPair(secret)
  let held: { header: string; from: number; until: number } | undefined
  return {
    authorization: async () => {
      if (held && now() >= held.from && now() < held.until) return held.header
      const issuedAt = Math.floor(now() / 1000)
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'EdDSA', typ: TYP, kid })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + TTL_SECONDS)
        .sign(privateKey)
      held = {
        header: `Bearer ${token}`,
        // A time that was set back makes a token of the future of it, which nobody takes.
        from: issuedAt * 1000,
        until: (issuedAt + TTL_SECONDS) * 1000 - RENEW_BEFORE_MS,
      }
      return held.header
    },
  }
}

/**
 * Checks service tokens against the keys derived from `secrets`: the present one, and the one before while it is being replaced. A
 * token that was right is remembered, by its full hash, until it ends. Throws `invalid_request` for a secret that is too short.
 */
export function createServiceTokenCheck(secrets: string | readonly string[], now: () => number): ServiceTokenCheck {
  const keys = new Map([secrets].flat().map((secret) => [deriveKeyPair(secret).kid, deriveKeyPair(secret).publicKey]))
  /** Hash → when the token ends. */
  const known = new Map<string, number>()
  return async (authorization) => {
    const token = /^bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1]
    if (token === undefined) return false
    const hash = createHash('sha256').update(token).digest('base64')
    const until = known.get(hash)
    if (until !== undefined && now() < until) return true
    const payload = await verifyToken(token, {
      typ: TYP,
      issuer: ISSUER,
      audience: AUDIENCE,
      maxAgeSeconds: TTL_SECONDS,
      requiredClaims: [],
      key: (named) => keys.get(named),
      now,
    })
    if (payload?.exp === undefined) return false
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(hash, payload.exp * 1000)
    return true
  }
}

function deriveKeyPair(secret: string): { privateKey: KeyObject; publicKey: KeyObject; kid: string } {
  if (secret.length < MIN_SECRET_CHARS)
    throw new AppError('invalid_request', `The service token must have at least ${MIN_SECRET_CHARS} characters.`)
  const der = Buffer.concat([PKCS8_ED25519, deriveKey(secret, 'service-token')])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  const kid = hashSecret(JSON.stringify(publicKey.export({ format: 'jwk' })))
    .toString('base64url')
    .slice(0, 22)
  return { privateKey, publicKey, kid }
}
