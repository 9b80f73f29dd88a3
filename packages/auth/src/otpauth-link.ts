import { toString as toQr } from 'qrcode'
import { toBase32 } from './base32.ts'

/** What an authenticator app reads: the secret in base32, the link, and the link as an SVG image. */
export async function otpauthLink(
  secret: Uint8Array,
  account: string,
): Promise<{ secret: string; otpauthUrl: string; qrSvg: string }> {
  const text = toBase32(secret)
  const label = `Askwire:${encodeURIComponent(account)}`
  const otpauthUrl = `otpauth://totp/${label}?secret=${text}&issuer=Askwire&algorithm=SHA1&digits=6&period=30`
  return {
    secret: text,
    otpauthUrl,
    qrSvg: await toQr(otpauthUrl, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 }),
  }
}
