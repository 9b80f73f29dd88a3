import { newId, uuid } from '@askwire/contracts'
import { SignJWT } from 'jose'
import type { KeyRing } from './key-ring.ts'
import { verifyToken } from './verify-token.ts'

/** Whom an access token names. What they may do is never in it: that comes from the database at each request. */
export type AccessClaims = { userId: string; tenantId: string; loginId: string }

export type AccessTokens = {
  sign(claims: AccessClaims): Promise<{ token: string; expiresAt: Date }>
  /** Undefined for anything that is not a valid access token of this installation. */
  verify(token: string): Promise<(AccessClaims & { expiresAt: Date }) | undefined>
}

export const ACCESS_TOKEN_SECONDS = 15 * 60
const TYP = 'at+jwt'
const AUDIENCE = 'askwire:user'

/** Access tokens: JWT (RFC 9068) signed with Ed25519 by the keys of `ring`. */
export function createAccessTokens(options: { ring: KeyRing; issuer: string; now: () => number }): AccessTokens {
  const { ring, issuer, now } = options
  return {
    sign: async ({ userId, tenantId, loginId }) => {
      const { kid, privateKey } = await ring.signing()
      const issuedAt = Math.floor(now() / 1000)
      const expires = issuedAt + ACCESS_TOKEN_SECONDS
      const token = await new SignJWT({ tid: tenantId, sid: loginId })
        .setProtectedHeader({ alg: 'EdDSA', typ: TYP, kid })
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setJti(newId())
        .setIssuedAt(issuedAt)
        .setExpirationTime(expires)
        .sign(privateKey)
      return { token, expiresAt: new Date(expires * 1000) }
    },
    verify: async (token) => {
      const payload = await verifyToken(token, {
        typ: TYP,
        issuer,
        audience: AUDIENCE,
        maxAgeSeconds: ACCESS_TOKEN_SECONDS,
        requiredClaims: ['sub', 'tid', 'sid', 'jti'],
        key: (kid) => ring.verifying(kid),
        now,
      })
      const ids = [payload?.sub, payload?.tid, payload?.sid].map((id) => uuid.safeParse(id).data)
      const [userId, tenantId, loginId] = ids
      if (!payload?.exp || !userId || !tenantId || !loginId) return undefined
      return { userId, tenantId, loginId, expiresAt: new Date(payload.exp * 1000) }
    },
  }
}
