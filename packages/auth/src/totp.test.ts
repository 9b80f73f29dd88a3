import { expect, test } from '@jest/globals'
import { hashBackupCode, newBackupCodes } from './backup-codes.ts'
import { toBase32 } from './base32.ts'
import { otpauthLink } from './otpauth-link.ts'
import { isApiToken, newSecret, shownPrefix } from './random-secret.ts'
import { matchTotp, totpCode, totpStep } from './totp.ts'

const RFC_SECRET = Buffer.from('12345678901234567890')

test.each([
  // RFC 6238 appendix B, SHA-1, the last six digits.
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('the code at second %i is %s', (seconds, code) => {
  expect(totpCode(RFC_SECRET, totpStep(seconds * 1000))).toBe(code)
})

test('a code is taken one step early or late, and no further', () => {
  const now = 1_700_000_000_000
  const matches = [-2, -1, 0, 1, 2].map((away) =>
    matchTotp(RFC_SECRET, totpCode(RFC_SECRET, totpStep(now) + away), now),
  )
  expect(matches).toEqual([undefined, totpStep(now) - 1, totpStep(now), totpStep(now) + 1, undefined])
})

test.each(['', '12345', '1234567', '28708a', ' 287082', '２８７０８２', '-28708', '287082\n'])(
  '%j is not a code',
  (code) => {
    expect(matchTotp(RFC_SECRET, code, 59_000)).toBeUndefined()
  },
)

test.each([
  // RFC 4648 §10, padding cut.
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 of %j is %j', (text, encoded) => {
  expect(toBase32(Buffer.from(text))).toBe(encoded)
})

test('an authenticator gets the secret, a link and an image of it', async () => {
  const { secret, otpauthUrl, qrSvg } = await otpauthLink(RFC_SECRET, 'ann&secret=x@example.org')
  expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  expect(new URL(otpauthUrl).searchParams.getAll('secret')).toEqual([secret])
  expect(qrSvg).toMatch(/^<svg /)
})

test('backup codes differ, and are the same however they are typed, for their own user', () => {
  const codes = newBackupCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/)
  const [code = ''] = codes
  expect(hashBackupCode('ann', ` ${code.replaceAll('-', ' ').toUpperCase()}`)).toEqual(hashBackupCode('ann', code))
  expect(hashBackupCode('bob', code)).not.toEqual(hashBackupCode('ann', code))
})

test('secrets have 256 bits and a prefix', () => {
  const token = newSecret('sk-')
  expect(isApiToken(token)).toBe(true)
  expect(shownPrefix(token)).toHaveLength(8)
  expect([newSecret('rt-'), newSecret(''), `${token}x`, token.slice(0, -1), ` ${token}`].map(isApiToken)).toEqual(
    Array(5).fill(false),
  )
})
