import { describe, expect, test } from '@jest/globals'
import { credentialKind } from './credential-kind.ts'
import { newSecret } from './random-secret.ts'
import { createServiceTokenCheck, createServiceTokenSigner } from './service-tokens.ts'

const SECRET = '2f0c9d6b8a4e471f93b5d7c1e6a8f204'
const OTHER = '91b7e3a5c4d84f6e8a2b0c1d3e5f7a96'

describe('service tokens', () => {
  test('the token of a worker is taken, its secret and that of another are not', async () => {
    const check = createServiceTokenCheck(SECRET, Date.now)
    expect(await check(await createServiceTokenSigner(SECRET, Date.now).authorization())).toBe(true)
    expect(await check(await createServiceTokenSigner(OTHER, Date.now).authorization())).toBe(false)
    for (const authorization of [undefined, '', 'Bearer ', `Bearer ${SECRET}`, `Bearer ${newSecret('sk-')}`])
      expect(await check(authorization)).toBe(false)
  })

  test('it ends after five minutes, also one that was right before', async () => {
    let now = 1_700_000_000_000
    const signer = createServiceTokenSigner(SECRET, () => now)
    const check = createServiceTokenCheck(SECRET, () => now)
    const first = await signer.authorization()
    expect(await check(first)).toBe(true)
    now += 239_000
    expect(await signer.authorization()).toBe(first)
    now += 2_000
    const second = await signer.authorization()
    expect(second).not.toBe(first)
    now += 65_000
    expect(await check(first)).toBe(false)
    expect(await check(second)).toBe(true)
  })

  test('a time that was set back has the token made again', async () => {
    let now = 1_700_000_000_000
    const signer = createServiceTokenSigner(SECRET, () => now)
    const early = await signer.authorization()
    now -= 3_600_000
    const check = createServiceTokenCheck(SECRET, () => now)
    expect(await check(early)).toBe(false)
    expect(await check(await signer.authorization())).toBe(true)
  })

  test('S33: what is remembered is the whole token', async () => {
    const check = createServiceTokenCheck(SECRET, Date.now)
    const right = await createServiceTokenSigner(SECRET, Date.now).authorization()
    expect(await check(right)).toBe(true)
    for (const wrong of [
      right.slice(0, -1),
      `${right.slice(0, -4)}AAAA`,
      `${right}A`,
      right.replace(/\.[^.]+\./, '.e30.'),
    ])
      expect(await check(wrong)).toBe(false)
    expect(await check(right)).toBe(true)
  })

  test('while the secret is replaced the one before is taken too', async () => {
    const check = createServiceTokenCheck([OTHER, SECRET], Date.now)
    expect(await check(await createServiceTokenSigner(SECRET, Date.now).authorization())).toBe(true)
    expect(await check(await createServiceTokenSigner(OTHER, Date.now).authorization())).toBe(true)
  })
})

describe('the kind of a refused credential', () => {
  const jwt = (typ: string): string =>
    `${Buffer.from(JSON.stringify({ alg: 'EdDSA', typ })).toString('base64url')}.e30.x`
  test.each([
    [undefined, 'none'],
    ['Basic abc', 'malformed'],
    ["Bearer ' OR 1=1--", 'malformed'],
    [`Bearer ${newSecret('sk-')}`, 'api_token'],
    [`Bearer ${jwt('at+jwt')}`, 'user_token'],
    [`bearer ${jwt('svc+jwt')}`, 'service_token'],
    [`Bearer ${jwt('JWT')}`, 'unknown'],
    ['Bearer abc', 'unknown'],
  ])('%s', (authorization, kind) => expect(credentialKind(authorization)).toBe(kind))
})
