import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Bytes of an authenticator secret: the length of the hash, as RFC 4226 §4 recommends. */
const SECRET_BYTES = 20
export const TOTP_STEP_SECONDS = 30
const DIGITS = 6
/** Steps to either side, for clocks that differ. */
const WINDOW = 1

/** A new secret for an authenticator app. */
export function newTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES)
}

/** The code of a time step (RFC 4226 §5.3, RFC 6238): six digits. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  const number = mac.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** The time step of a moment in milliseconds since 1970. */
export const totpStep = (ms: number): number => Math.floor(ms / 1000 / TOTP_STEP_SECONDS)

/**
 * The step whose code this is, within one step of now; undefined when it is none. The caller MUST store the step by compare-and-set
 * and refuse one that is not newer than the stored one: a code works once.
 */
export function matchTotp(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  if (!isTotpCode(code)) return undefined
  const given = Buffer.from(code)
  let found: number | undefined
  // All are compared, so that the time says nothing about which.
  for (let step = totpStep(nowMs) - WINDOW; step <= totpStep(nowMs) + WINDOW; step += 1)
    if (step >= 0 && timingSafeEqual(Buffer.from(totpCode(secret, step)), given)) found = step
  return found
}

/** Six digits: an authenticator's code, as opposed to a backup code. */
export const isTotpCode = (code: string): boolean => /^[0-9]{6}$/.test(code)
