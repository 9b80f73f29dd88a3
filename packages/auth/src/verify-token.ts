import type { KeyObject } from 'node:crypto'
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose'

/** Longer than any token of ours; what is longer is not even decoded. */
const MAX_TOKEN_CHARS = 2048
/** All a header of ours holds. Others (`jwk`, `jku`, `x5u`, `crit` …) are ways to bring one's own key or rules. */
const HEADER_FIELDS = ['alg', 'typ', 'kid']
/** Clocks of replicas may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 5

export type TokenRules = {
  typ: string
  issuer: string
  audience: string
  maxAgeSeconds: number
  /** Claims that must be there, beside `iss`, `aud`, `iat` and `exp`. */
  requiredClaims: string[]
  key: (kid: string) => Promise<KeyObject | undefined> | KeyObject | undefined
  now: () => number
}

/** The claims of a token that keeps every rule; undefined for any other, whatever is wrong with it. Throws only what `key` throws. */
export async function verifyToken(token: string, rules: TokenRules): Promise<JWTPayload | undefined> {
  const kid = kidOf(token, rules.typ)
  const key = kid === undefined ? undefined : await rules.key(kid)
  if (!key) return undefined
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      typ: rules.typ,
      issuer: rules.issuer,
      audience: rules.audience,
      requiredClaims: ['iat', 'exp', ...rules.requiredClaims],
      maxTokenAge: rules.maxAgeSeconds,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(rules.now()),
    })
    return payload
  } catch {
    return undefined
  }
}

function kidOf(token: string, typ: string): string | undefined {
  if (token.length > MAX_TOKEN_CHARS) return undefined
  try {
    const header = decodeProtectedHeader(token)
    if (Object.keys(header).some((field) => !HEADER_FIELDS.includes(field))) return undefined
    if (header.alg !== 'EdDSA' || header.typ !== typ) return undefined
    return typeof header.kid === 'string' && header.kid.length <= 64 ? header.kid : undefined
  } catch {
    return undefined
  }
}
