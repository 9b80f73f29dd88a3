import { createHmac, generateKeyPairSync } from 'node:crypto'
import { newId } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { type JWTHeaderParameters, SignJWT } from 'jose'
import { createAccessTokens } from './access-tokens.ts'
import { createKeyRing } from './key-ring.ts'
import { createSealer } from './sealer.ts'
import { createServiceTokenCheck, createServiceTokenSigner } from './service-tokens.ts'
import { memoryKeyStorage } from './test-support.ts'

const sealer = createSealer('a-secret-of-at-least-32-characters')
const storage = memoryKeyStorage()
let now = Date.now()
const ring = createKeyRing({ storage, sealer, now: () => now })
const tokens = createAccessTokens({ ring, issuer: 'askwire', now: () => now })
const claims = { userId: newId(), tenantId: newId(), loginId: newId() }
const body = { tid: claims.tenantId, sid: claims.loginId, sub: claims.userId, jti: newId() }

const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A token with our own key in which one thing is different. */
async function variant(change: {
  header?: Partial<JWTHeaderParameters>
  body?: Record<string, unknown>
  iss?: string
  aud?: string
  life?: number
}): Promise<string> {
  const { kid, privateKey } = await ring.signing()
  const seconds = Math.floor(now / 1000)
  return await new SignJWT({ ...body, ...change.body })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, ...change.header })
    .setIssuer(change.iss ?? 'askwire')
    .setAudience(change.aud ?? 'askwire:user')
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + (change.life ?? 900))
    .sign(privateKey, { crit: { exp: true, 'x-a': true } })
}

describe('access tokens', () => {
  test('name the user, tenant and login, and end after 15 minutes', async () => {
    const { token, expiresAt } = await tokens.sign(claims)
    expect(await tokens.verify(token)).toEqual({ ...claims, expiresAt })
    expect(await tokens.verify(await variant({}))).toMatchObject(claims)
    expect(Object.keys(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).sort()).toEqual([
      'aud',
      'exp',
      'iat',
      'iss',
      'jti',
      'sid',
      'sub',
      'tid',
    ])
    now += 906_000
    expect(await tokens.verify(token)).toBeUndefined()
  })

  test.each<[string, Parameters<typeof variant>[0]]>([
    ['another issuer', { iss: 'elsewhere' }],
    ['another audience', { aud: 'askwire:agent' }],
    ['another type', { header: { typ: 'JWT' } }],
    ['the type of service tokens', { header: { typ: 'svc+jwt' } }],
    ['no type', { header: { typ: undefined } as unknown as JWTHeaderParameters }],
    ['an unknown kid', { header: { kid: 'unknown' } }],
    ['no kid', { header: { kid: undefined } as unknown as JWTHeaderParameters }],
    ['a kid that is a path', { header: { kid: '../../../../dev/null' } }],
    ['a kid that is SQL', { header: { kid: "' union select 1 --" } }],
    ['a jku header', { header: { jku: 'https://evil.example/keys' } }],
    ['an x5u header', { header: { x5u: 'https://evil.example/cert' } }],
    ['a crit header', { header: { crit: ['x-a'], 'x-a': 1 } }],
    ['no subject', { body: { sub: undefined } }],
    ['a subject that is no id', { body: { sub: "' or 1=1 --" } }],
    ['no login', { body: { sid: undefined } }],
    ['an end that has passed', { life: -10 }],
  ])('are refused with %s', async (_what, change) => {
    expect(await tokens.verify(await variant(change))).toBeUndefined()
  })

  test('are refused when signed by another key, also one brought in the header', async () => {
    const { kid } = await ring.signing()
    const evil = generateKeyPairSync('ed25519')
    const jwk = evil.publicKey.export({ format: 'jwk' })
    for (const header of [{ kid }, { kid, jwk }, { kid: 'evil', jwk }]) {
      const token = await new SignJWT(body)
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', ...header } as JWTHeaderParameters)
        .setIssuer('askwire')
        .setAudience('askwire:user')
        .setIssuedAt()
        .setExpirationTime('15m')
        .sign(evil.privateKey)
      expect(await tokens.verify(token)).toBeUndefined()
    }
  })

  test('are refused with alg none, and with HS256 keyed by the public key', async () => {
    const { kid } = await ring.signing()
    const seconds = Math.floor(now / 1000)
    const payload = encode({ ...body, iss: 'askwire', aud: 'askwire:user', iat: seconds, exp: seconds + 900 })
    for (const alg of ['none', 'None', 'nOnE'])
      expect(await tokens.verify(`${encode({ alg, typ: 'at+jwt', kid })}.${payload}.`)).toBeUndefined()
    const x = String(storage.keys[0]?.publicJwk.x)
    for (const key of [x, Buffer.from(x, 'base64url'), JSON.stringify(storage.keys[0]?.publicJwk), '']) {
      const head = `${encode({ alg: 'HS256', typ: 'at+jwt', kid })}.${payload}`
      expect(
        await tokens.verify(`${head}.${createHmac('sha256', key).update(head).digest('base64url')}`),
      ).toBeUndefined()
    }
  })

  test('are refused when a part was changed, cut, or is not a token', async () => {
    const { token } = await tokens.sign(claims)
    const [head, payload, signature] = token.split('.')
    const other = encode({ ...body, sub: newId(), iss: 'askwire', aud: 'askwire:user', iat: 1, exp: 9e9 })
    const bad = [`${head}.${other}.${signature}`, `${head}.${payload}.`, `${head}.${payload}`, token.slice(0, -3)]
    for (const one of [...bad, '', '..', 'a.b.c', "' OR 1=1--", `${token}${'A'.repeat(4000)}`, '\u0000.\u0000.\u0000'])
      expect(await tokens.verify(one)).toBeUndefined()
  })
})

describe('service tokens', () => {
  const secret = 'a-service-secret-of-at-least-32-chars'
  let at = Date.now()
  const signer = createServiceTokenSigner(secret, () => at)
  const check = createServiceTokenCheck(secret, () => at)

  test('are made by who knows the secret, used for some minutes, and end', async () => {
    const header = await signer.authorization()
    expect(await signer.authorization()).toBe(header)
    expect(await check(header)).toBe(true)
    expect(await check(header.replace('Bearer', 'bearer'))).toBe(true)
    expect(header.includes(secret)).toBe(false)
    at += 250_000
    const next = await signer.authorization()
    expect(next).not.toBe(header)
    at += 60_000
    expect(await check(header)).toBe(false)
    expect(await check(next)).toBe(true)
  })

  test('are refused from another secret, as the bare secret, and as a user token', async () => {
    const stranger = createServiceTokenSigner('another-service-secret-of-32-characters', () => at)
    const user = createAccessTokens({ ring, issuer: 'askwire', now: () => at })
    const headers = [
      undefined,
      '',
      'Bearer ',
      `Bearer ${secret}`,
      await stranger.authorization(),
      `Bearer ${(await user.sign(claims)).token}`,
    ]
    for (const header of headers) expect(await check(header)).toBe(false)
    expect(await user.verify((await signer.authorization()).slice('Bearer '.length))).toBeUndefined()
  })

  test('need a secret of 32 characters', () => {
    expect(() => createServiceTokenSigner('short', Date.now)).toThrow(/at least 32/)
    expect(() => createServiceTokenCheck('short', Date.now)).toThrow(/at least 32/)
  })
})
